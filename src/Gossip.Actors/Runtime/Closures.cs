using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>Which logs of which topics are closed here, and how much does that dispute?</summary>
internal static class Closures
{
    public static async Task<ImmutableArray<ClosedLog>> AllAsync(
        RunningNode node, CancellationToken stop)
    {
        var closed = ImmutableArray.CreateBuilder<ClosedLog>();
        foreach (var (id, name) in node.Topics.All)
        {
            foreach (var closure in node.Audience.Board.DeliveryOf(id)?.Closures ?? [])
            {
                var slots = new SeqRange(closure.Slot, Dot.SeqMax);
                var disputed = await node
                    .AskAsync(store => store.CountAsync(id, closure.Log, slots, stop))
                    .ConfigureAwait(false);
                closed.Add(new(name, closure, disputed));
            }
        }

        return closed.DrainToImmutable();
    }
}
