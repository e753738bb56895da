using System.Collections.Immutable;
using System.Security.Cryptography;
using Gossip.Actors.Protocol;
using Gossip.Tests.Hostile;

namespace Gossip.Adversary.Attacks;

/// <summary>More of everything than anybody needs: each message is cheap to send.</summary>
internal static class Flood
{
    private const int Lanes = 4;
    private const int PerKind = 50;
    private const int RowsPerMessage = 200;

    public static Task RunAsync(AttackOrder order, CancellationToken stop) =>
        Sessions.RunAsync(order, Lanes, async peer =>
        {
            var forge = new Forge(peer.Keys);
            var entry = forge.First();
            await peer.SayAsync([.. Enumerable.Range(0, PerKind).SelectMany(i => Burst(entry, i))]);
            order.Count(5 * PerKind);
        }, stop);

    private static IEnumerable<GossipMessage> Burst(Entry entry, int number)
    {
        var log = entry.Header.Log;
        yield return new GossipMessage.Ping((ulong)number);
        yield return new GossipMessage.Subscribe(new(Hash.OfBytes(
            RandomNumberGenerator.GetBytes(8))));
        yield return new GossipMessage.PullRequest(
            HostilePeer.Topic, number, [Want.EntriesOf(log, IntervalSet.UpTo(Dot.SeqMax))]);
        yield return new GossipMessage.Heads(HostilePeer.Topic, Rows(log));
        yield return new GossipMessage.Announcement(
            HostilePeer.Topic, [Forge.Resign(entry, RandomNumberGenerator.GetBytes(64))], []);
    }

    private static ImmutableArray<Row> Rows(LogId log) =>
    [
        .. Enumerable.Range(0, RowsPerMessage).Select(_ => new Row(
            log with { Incarnation = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) },
            new(1, 7, IntervalSet.Empty), 1, null, 1)),
    ];
}
