using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Gossip.Actors.Runtime;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>What if a peer claims to hold what it does not, or what cannot be?</summary>
[Collection(MeasuresMemory.Name)]
public sealed class FalseClaimTests
{
    [Fact]
    [Row("C6")]
    public async Task What_is_offered_and_never_served_is_given_up_and_had_from_another()
    {
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Times = o.Times with { PullTimeout = TimeSpan.FromMilliseconds(700) },
        });
        await using var liar = await HostilePeer.MeetAsync(siege.Target);
        await using var source = await HostilePeer.MeetAsync(siege.Honest);
        var forge = new Forge(source.Keys);
        var chain = forge.Chain(20);
        var vain = new Forge(EcKeys.Generate()).Log;
        await liar.SayAsync(new GossipMessage.Heads(
            HostilePeer.Topic, [Head(forge.Log, 20), Head(vain, 5)]));
        await liar.HearAsync<GossipMessage.PullRequest>();
        await source.PushAsync(chain);

        await Siege.HoldsAsync(siege.Target, chain[^1].Id);
        await siege.CountedAsync("pulls-expired", 1);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task A_head_of_two_to_the_53_is_asked_for_by_the_page()
    {
        await using var siege = await Siege.BeginAsync();
        await using var liar = await HostilePeer.MeetAsync(siege.Target);
        var log = new Forge(EcKeys.Generate()).Log;
        await liar.SayAsync(new GossipMessage.Heads(HostilePeer.Topic, [Head(log, Dot.SeqMax)]));
        var asked = await liar.HearAsync<GossipMessage.PullRequest>();
        Assert.InRange(asked.Wants.Sum(w => w.Entries.Slots), 1, 4096);
        await liar.SayAsync(new GossipMessage.PullResponse(
            HostilePeer.Topic, asked.Request, [], [], []));
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("B3")]
    public async Task Digests_of_as_many_impossible_logs_as_fit_leave_the_node_well()
    {
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Times = o.Times with { PullTimeout = TimeSpan.FromMilliseconds(700) },
        });
        await using var liar = await HostilePeer.MeetAsync(siege.Target);
        var rows = Enumerable.Range(1, WireLimits.RowsMax)
            .Select(i => Head(new(liar.Keys.Self, (ulong)i, Admission.None), Dot.SeqMax))
            .ToImmutableArray();
        liar.Answer = said => said switch
        {
            GossipMessage.AntiEntropy { IsInitiator: true, Step: RoundStep.Summary } asked => new
                GossipMessage.AntiEntropy(
                    asked.Round, false, RoundStep.Digests, default,
                    [new(HostilePeer.Topic, Hash.OfBytes([1]), true, true, rows)]),
            GossipMessage.PullRequest pull => new GossipMessage.PullResponse(
                HostilePeer.Topic, pull.Request, [], [], []),
            _ => null,
        };
        await liar.HearAsync<GossipMessage.AntiEntropy>(a => a.IsInitiator);
        await liar.HearAsync<GossipMessage.PullRequest>();
        for (var i = 0; i < 5; i++)
        {
            await siege.GoesOnAsync();
        }
    }

    [Fact]
    public async Task A_flood_of_heads_of_logs_that_do_not_exist_is_not_remembered()
    {
        await using var siege = await Siege.BeginAsync();
        await using var liar = await HostilePeer.MeetAsync(siege.Target);
        liar.Answer = said => said is GossipMessage.PullRequest pull
            ? new GossipMessage.PullResponse(HostilePeer.Topic, pull.Request, [], [], [])
            : null;
        ulong incarnation = 0;
        var before = 0L;
        for (var i = 0; i < 200; i++)
        {
            await liar.SayAsync(new GossipMessage.Heads(HostilePeer.Topic,
            [
                .. Enumerable.Range(0, WireLimits.RowsMax).Select(_ => Head(
                    new(liar.Keys.Self, ++incarnation, Admission.None), 7, closedAt: 3)),
            ]));
            if (i == 70)
            {
                await liar.FlushAsync();
                await siege.GoesOnAsync();
                before = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        await liar.FlushAsync();
        await siege.GoesOnAsync();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.InRange(after - before, long.MinValue, 100L << 20);
    }

    [Fact]
    [Row("D9")]
    public async Task An_answer_nobody_asked_for_is_refused()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var entry = new Forge(peer.Keys).First();
        await peer.SayAsync(
            new GossipMessage.PullResponse(HostilePeer.Topic, 77, [entry], [], []));
        await siege.CountedAsync("refused.message-unexpected", 1);
        await siege.GoesOnAsync();
        Assert.False(await Siege.HasAsync(siege.Target, entry.Id));
    }

    [Fact]
    [Row("C7")]
    public async Task A_pull_of_everything_that_could_exist_is_answered_with_one_page()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var log = (await Cluster.PublishAsync(siege.Target, "held"))[0].Dot.Log;
        var unknown = new Forge(EcKeys.Generate()).Log;
        var everything = IntervalSet.UpTo(Dot.SeqMax);
        var comb = IntervalSet.Of(
            Enumerable.Range(1, 4096).Select(i => new SeqRange(i * 2L, i * 2L)));
        await peer.SayAsync(new GossipMessage.PullRequest(HostilePeer.Topic, 1,
        [
            Want.EntriesOf(log, everything),
            Want.EntriesOf(unknown, everything),
            Want.EntriesOf(log, comb),
            Want.HeadersOf(log, [1, Dot.SeqMax]),
            Want.ProofOf(log),
        ]));
        var answer = await peer.HearAsync<GossipMessage.PullResponse>(r => r.Request == 1);
        Assert.Contains(answer.Entries, e => e.Header.Log == log);
        Assert.All(answer.Entries, e => Assert.Equal(log, e.Header.Log));
        Assert.Empty(answer.Proofs);
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("C7")]
    public async Task A_pull_that_repeats_itself_is_answered_with_one_page()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var forge = new Forge(peer.Keys);
        var chain = forge.Chain(2);
        await peer.PushAsync(chain[0], chain[1], forge.Next(chain[0], "fork"));
        await siege.CountedAsync("logs-closed", 1);
        await Siege.HoldsAsync(siege.Target, chain[0].Id);
        await peer.SayAsync(new GossipMessage.PullRequest(HostilePeer.Topic, 1,
        [
            .. Enumerable.Repeat(
                Want.HeadersOf(
                    forge.Log, [.. Enumerable.Repeat(1L, WireLimits.HeadersMax / 100)]),
                100),
        ]));
        var headers = await peer.HearAsync<GossipMessage.PullResponse>(r => r.Request == 1);
        Assert.InRange(headers.Headers.Length, 1, 4096);

        await peer.SayAsync(new GossipMessage.PullRequest(HostilePeer.Topic, 2,
            [.. Enumerable.Repeat(Want.ProofOf(forge.Log), WireLimits.WantsMax)]));
        var proofs = await peer.HearAsync<GossipMessage.PullResponse>(r => r.Request == 2);
        Assert.InRange(proofs.Proofs.Length, 1, 4096);
        Assert.False(peer.IsEnded);
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("D4")]
    public async Task A_recorded_session_that_is_replayed_changes_nothing()
    {
        await using var siege = await Siege.BeginAsync();
        var recorded = new List<byte[]>();
        await using (var peer = await HostilePeer.MeetAsync(siege.Target))
        {
            var chain = new Forge(peer.Keys).Chain(3);
            GossipMessage[] said =
            [
                peer.Hello(),
                new GossipMessage.Subscribe(peer.Names!.TokenOf(HostilePeer.Topic)),
                new GossipMessage.Announcement(HostilePeer.Topic, [.. chain], []),
            ];
            recorded.AddRange(said.Select(m => MessageCodec.Encode(m, peer.Names)));
            await peer.PushAsync(chain);
            await Siege.HoldsAsync(siege.Honest, chain[^1].Id);
        }

        var before = await Cluster.StatusAsync(siege.Target);
        await using var other = await HostilePeer.ConnectAsync(siege.Target);
        other.Listen();
        await other.TrySendAsync([.. recorded]);
        Assert.Equal(GoodbyeCode.WrongIdentity, await other.EndAsync());

        // With the same key the hello is good, but the topic has another name on each link.
        await using var again = await HostilePeer.MeetAsync(siege.Target);
        await again.SendAsync(recorded[2]);
        await siege.CountedAsync("refused.topic-unknown", 1);
        Assert.Equal(
            before.Statistics, (await Cluster.StatusAsync(siege.Target)).Statistics);
        await siege.GoesOnAsync();
    }

    private static Row Head(LogId log, long head, long? closedAt = null) => new(
        log, new(1, head, IntervalSet.Empty), 1, closedAt, (UInt128)head);
}
