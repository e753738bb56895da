using System.Collections.Immutable;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Tests.Hostile;

namespace Gossip.Tests.Protocol;

/// <summary>What of a peer's messages is looked at?</summary>
[Row("D11")]
public sealed class ThrottleTests
{
    private static readonly Moment Now = new(TimeSpan.FromSeconds(1), 1);

    private readonly Forge _forge = new(Gossip.Actors.Runtime.EcKeys.Generate());
    private readonly Outbox _outbox = new();

    private readonly GossipRates _rates = new()
    {
        Burst = TimeSpan.FromSeconds(1),
        PeerEntries = 5,
        PeerVerifications = 7,
        PeerRows = 3,
        PeerPulls = 1,
        PeerSubscriptions = 1,
    };

    [Fact]
    public void The_first_entries_of_a_push_stay_and_the_rest_is_counted()
    {
        var throttle = Throttle();
        var said = (GossipMessage.Announcement)throttle.Admit(Push(8), Now, _outbox)!;

        Assert.Equal([1, 2, 3, 4, 5], said.Entries.Select(e => e.Header.Seq));
        Assert.Equal(3, Exceeded(LimitKind.PeerEntries));
        Assert.Null(throttle.Admit(Push(1), Now, _outbox));
        Assert.NotNull(throttle.Admit(Push(1), Later(1), _outbox));
    }

    [Fact]
    public void A_proof_costs_two_signatures_and_waits_for_both()
    {
        var throttle = Throttle();
        var proof = ForkProof.OfEnd(Chain(1)[0].SignedHeader.Detached());
        var push = Push(4) with { Proofs = [proof, proof, proof] };

        // Seven signatures: four entries, one proof, and half of another that is not looked at.
        Assert.Single(((GossipMessage.Announcement)throttle.Admit(push, Now, _outbox)!).Proofs);
        Assert.True(Exceeded(LimitKind.PeerVerifications) > 0);
    }

    [Fact]
    public void The_answer_to_an_own_pull_is_never_cut()
    {
        var throttle = Throttle();
        throttle.Note(Pull(9, 100));
        var answer = Answer(9, 100);

        Assert.Same(answer, throttle.Admit(answer, Now, _outbox));
        Assert.Empty(_outbox.Drain());
    }

    [Theory]
    [InlineData(9, 8, 9)]
    [InlineData(9, 100, 8)]
    public void More_than_was_asked_or_another_answer_counts_as_unasked(
        long asked, long slots, long answered)
    {
        var throttle = Throttle();
        throttle.Note(Pull(asked, slots));
        var said = (GossipMessage.PullResponse)throttle.Admit(Answer(answered, 9), Now, _outbox)!;

        Assert.Equal(5, said.Entries.Length);
        Assert.Equal(4, Exceeded(LimitKind.PeerEntries));
    }

    [Fact]
    public void An_answer_is_awaited_once_and_a_late_other_one_takes_nothing_away()
    {
        var throttle = Throttle();
        throttle.Note(Pull(1, 9));
        throttle.Note(Pull(2, 9));
        throttle.Admit(Answer(1, 9), Now, _outbox);
        Assert.Equal(9, Entries(throttle.Admit(Answer(2, 9), Later(1), _outbox)));
        Assert.Equal(5, Entries(throttle.Admit(Answer(2, 9), Later(1), _outbox)));
    }

    [Fact]
    public void Rows_pulls_and_subscriptions_have_limits_of_their_own()
    {
        var throttle = Throttle();
        var row = new Row(
            _forge.Log, new(1, 1, IntervalSet.Empty), 7, null, 7);
        var heads = new GossipMessage.Heads(HostilePeer.Topic, [row, row, row, row]);

        Assert.Equal(3, ((GossipMessage.Heads)throttle.Admit(heads, Now, _outbox)!).Rows.Length);
        Assert.Equal(1, Exceeded(LimitKind.PeerRows));

        // One a second, beside one for each topic at once.
        var topics = new GossipSizes().TopicsPerPeerMax;
        var pull = Pull(1, 1);
        Assert.Equal(topics + 1, Enumerable.Range(0, topics + 5)
            .Count(_ => throttle.Admit(pull, Now, _outbox) is not null));
        Assert.Equal(4, Exceeded(LimitKind.PeerPulls));

        var subscribe = new GossipMessage.Subscribe(default);
        Assert.Equal(topics + 1, Enumerable.Range(0, topics + 5)
            .Count(_ => throttle.Admit(subscribe, Now, _outbox) is not null));
        Assert.Equal(4, Exceeded(LimitKind.PeerSubscriptions));
    }

    private static Moment Later(int seconds) =>
        new(Now.Elapsed + TimeSpan.FromSeconds(seconds), 1);

    private static int Entries(GossipMessage? said) =>
        ((GossipMessage.PullResponse)said!).Entries.Length;

    private Throttle Throttle() =>
        new(_forge.Log.Author, new Allowance(_rates, new GossipSizes()));

    private long Exceeded(LimitKind limit) => _outbox.Drain().OfType<Effect.Exceed>()
        .Where(e => e.Limit == limit).Sum(e => e.Amount);

    private GossipMessage.PullRequest Pull(long request, long slots) => new(
        HostilePeer.Topic, request,
        [Want.EntriesOf(_forge.Log, IntervalSet.UpTo(slots))]);

    private GossipMessage.PullResponse Answer(long request, int entries) =>
        new(HostilePeer.Topic, request, Chain(entries), [], []);

    private GossipMessage.Announcement Push(int entries) =>
        new(HostilePeer.Topic, Chain(entries), []);

    private ImmutableArray<Entry> Chain(int entries) => [.. _forge.Chain(entries)];
}
