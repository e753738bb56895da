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
            foreach (var (log, slot, proof) in Of(node.Audience.Board.DeliveryOf(id)))
            {
                var slots = new SeqRange(slot, Dot.SeqMax);
                var disputed = await node
                    .AskAsync(store => store.CountAsync(id, log, slots, stop))
                    .ConfigureAwait(false);
                closed.Add(new(name, log, slot, proof, disputed));
            }
        }

        return closed.DrainToImmutable();
    }

    private static IEnumerable<(LogId Log, long Slot, ForkProof? Proof)> Of(View.Delivery? seen) =>
        seen is null
            ? []
            : seen.Closures.Select(c => (c.Log, c.Slot, (ForkProof?)c.Proof))
                .Concat(seen.Revoked.Select(dot => (dot.Log, dot.Seq, (ForkProof?)null)));
}
