using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Trust;
using Gossip.Tests.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using static Gossip.Tests.Trust.Say;

namespace Gossip.Tests.Trust;

/// <summary>Does a change of a score open or close a topic at once?</summary>
[Row("D7")]
public sealed class GatekeeperTests : IDisposable
{
    private static readonly TopicName Club = new("club");
    private static readonly GatedTopic Gated = new(Club, Who(0), new(Score.Of(0.4)));
    private readonly CancellationTokenSource _stop = new();
    private readonly Opinions _trust = new();
    private readonly Book _topics = new();

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_score_that_reaches_the_threshold_opens_and_a_drop_closes()
    {
        _topics.Topics = [Gated];
        var life = Run();
        _trust.Set(1, 0.399999999999);
        _trust.Set(2, 0.4);
        await InAsync(2);

        _trust.Set(1, 0.4);
        await InAsync(1, 2);
        _trust.Set(2, 0.399999999999);
        await InAsync(1);
        _trust.Set(1, 0);
        await InAsync();
        Assert.Equal(["+2", "+1", "-2", "-1"], _topics.Acts);
        await StopAsync(life);
    }

    [Fact]
    public async Task A_restarted_gatekeeper_finds_what_changed_while_it_was_away()
    {
        _topics.Topics = [Gated];
        _topics.Members[Who(1)] = new(Who(1));
        _topics.Members[Who(9)] = new(Who(9), IsByTrust: false);
        _trust.Set(2, 0.9);
        var life = Run();
        await InAsync(2, 9);
        Assert.Equal(["-1", "+2"], _topics.Acts);
        await StopAsync(life);
    }

    [Fact]
    public async Task A_topic_that_is_new_or_whose_rules_change_is_looked_at()
    {
        _trust.Set(1, 0.5);
        var life = Run();
        _topics.Change([Gated]);
        await InAsync(1);
        _topics.Change([Gated with { Rules = new(Score.Of(0.6)) }]);
        await InAsync();
        await StopAsync(life);
    }

    [Fact]
    public async Task What_fails_is_tried_again_and_keeps_nobody_else_out()
    {
        var other = Gated with { Name = new("broken") };
        _topics.Topics = [other, Gated];
        _topics.Broken = other.Name;
        _topics.FailuresLeft = 3;
        _trust.Set(1, 0.9);
        _trust.Set(2, 0.8);
        var life = Run();
        await InAsync(1, 2);
        Assert.Equal(0, _topics.FailuresLeft);
        await StopAsync(life);
    }

    [Fact]
    public async Task A_source_that_throws_changes_nobodys_rights()
    {
        _topics.Topics = [Gated];
        _trust.Set(1, 0.9);
        var life = Run();
        await InAsync(1);
        var asked = _trust.Asked;
        _trust.Throw(true);
        await Cluster.UntilAsync(
            () => Task.FromResult(_trust.Asked > asked + 2), () => "it is not tried again");
        Assert.Equal(["+1"], _topics.Acts);
        _trust.Throw(false);
        _trust.Set(1, 0);
        await InAsync();
        await StopAsync(life);
    }

    private Task Run() => new Gatekeeper(
        _trust, _topics, new() { ActorRetry = TimeSpan.FromMilliseconds(5) },
        TimeProvider.System, NullLogger.Instance).RunAsync(_stop.Token);

    private async Task StopAsync(Task life)
    {
        await _stop.CancelAsync();
        await life;
    }

    private Task InAsync(params int[] who) => Cluster.UntilAsync(
        () => Task.FromResult(
            _topics.Members.Keys.Order().SequenceEqual(who.Select(w => Who(w)).Order())),
        () => string.Join(' ', _topics.Acts));

    private sealed class Opinions : ITrustSource
    {
        private readonly ConcurrentDictionary<Did, Score> _scores = new();
        private readonly Pulse _changed = new();
        private volatile bool _throws;
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Task NextChange => _changed.Next;

        public void Set(int who, double score)
        {
            _scores[Who(who)] = Score.Of(score);
            _changed.Beat();
        }

        public void Throw(bool throws)
        {
            _throws = throws;
            _changed.Beat();
        }

        public ValueTask<TrustScore> ScoreAsync(
            Did viewpoint, Did subject, CancellationToken stop) =>
            throw new NotSupportedException();

        public ValueTask<ImmutableArray<Ranked>> ReachingAsync(
            Did viewpoint, Score least, CancellationToken stop)
        {
            Interlocked.Increment(ref _asked);
            Assert.Equal(Who(0), viewpoint);
            return _throws
                ? throw new TimeoutException("on purpose")
                : ValueTask.FromResult<ImmutableArray<Ranked>>(
                    [.. _scores.Select(s => new Ranked(s.Key, s.Value))]);
        }
    }

    private sealed class Book : IGatedTopics
    {
        private readonly Pulse _changed = new();

        public ConcurrentDictionary<Did, GateMember> Members { get; } = new();

        public ConcurrentQueue<string> Acts { get; } = new();

        public TopicName? Broken { get; set; }

        public int FailuresLeft { get; set; }

        public Task NextChange => _changed.Next;

        public ImmutableArray<GatedTopic> Topics { get; set; } = [];

        public void Change(ImmutableArray<GatedTopic> topics)
        {
            Topics = topics;
            _changed.Beat();
        }

        public Task<ImmutableArray<GateMember>> MembersAsync(
            TopicName topic, CancellationToken stop)
        {
            if (topic == Broken)
            {
                throw new GossipException("topic-busy", "on purpose");
            }

            return Task.FromResult<ImmutableArray<GateMember>>([.. Members.Values]);
        }

        public Task InviteAsync(TopicName topic, Did who, CancellationToken stop)
        {
            if (FailuresLeft > 0)
            {
                FailuresLeft--;
                throw new GossipException("topic-busy", "on purpose");
            }

            return DoAsync($"+{Number(who)}", () => Members[who] = new(who));
        }

        public Task RevokeAsync(TopicName topic, Did who, CancellationToken stop) =>
            DoAsync($"-{Number(who)}", () => Members.TryRemove(who, out _));

        private Task DoAsync(string what, Action act)
        {
            Acts.Enqueue(what);
            act();
            _changed.Beat();
            return Task.CompletedTask;
        }

        private static int Number(Did who) => Enumerable.Range(0, 10)
            .Single(i => Who(i).Equals(who));
    }
}
