using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>This part: how the node and its topics stand.</summary>
internal sealed partial class RunningNode
{
    public async Task<TopicStatus> StatusOfAsync(
        TopicId id, TopicName name, CancellationToken stop)
    {
        var statistics = await AskAsync(store => store.StatisticsAsync(id, stop))
            .ConfigureAwait(false);
        var topic = Audience.Board.TopicOf(id);
        var delivery = Audience.Board.DeliveryOf(id);
        ImmutableArray<Row> rows = [.. topic?.Rows.Values ?? []];
        return new(
            name, id, Row.Root(rows), statistics, delivery?.Position ?? 0,
            delivery?.Clock ?? VectorClock.Zero, rows, topic?.Lags ?? [],
            delivery?.Blocked ?? [], delivery?.Closures ?? [], Audience.Board.PolicyOf(id))
        {
            Lost = delivery?.Lost ?? [],
        };
    }

    public NodeStatus Status()
    {
        var notReady = Supervisor.Faults
            .Concat(new[] { Store.Fault, Replacement.NotReady }.OfType<string>());
        return new(
            Self.Did,
            Options.Network,
            Self.ListenAddress.Length > 0 ? Self.ListenAddress : null,
            Store.Description,
            Supervisor.Runtime,
            (long)_clock.Now.Elapsed.TotalMilliseconds,
            Audience.Board.Peers.Count(p => p.State == "connected"),
            [.. IsStopping ? notReady.Append("the node is stopping") : notReady],
            Audience.Board.Partitions,
            [.. Audience.Board.Twins, .. Audience.Foreign.Seen],
            Audience.Board.Counters
                .Add("facts-replaced", Supervisor.FactsReplaced)
                .AddRange(Trust.Counters)
                .AddRange(Limits.Counters)
                .AddRange(_ground.Transport.Counters),
            Audience.Board.Refusals);
    }
}
