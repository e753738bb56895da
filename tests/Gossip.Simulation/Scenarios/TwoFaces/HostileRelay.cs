using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// What can somebody do who only passes on? Brings entries under another spelling of their
/// signatures, and shows proofs that prove nothing. It signs nothing for anybody.
/// </summary>
internal sealed class HostileRelay(Cluster cluster, TopicId topic)
{
    private static readonly Did Someone = new SimulatedKeys(1_000_000).Self;

    private long _links;

    /// <summary>Somebody says this to a node, on a link that is not one of the cluster's.</summary>
    public void Say(
        SimulatedNode to, ImmutableArray<Entry> entries, ImmutableArray<ForkProof> proofs) =>
        to.Tell(new Signal.Received(
            new(--_links), Someone, new GossipMessage.Announcement(topic, entries, proofs), 1024));

    /// <summary>What one node delivered comes to another in another spelling.</summary>
    public void Respell(SimulatedNode from, SimulatedNode to)
    {
        ImmutableArray<Entry> others =
        [
            .. from.Delivered(cluster.Shape.Topics[0]).Select(Respelled),
        ];
        Say(to, others, [.. others.SelectMany(e => FalseProofs(e, others))]);
    }

    private static Entry Respelled(Entry entry) => entry with
    {
        SignedHeader = entry.SignedHeader with
        {
            Signature = SimulatedKeys.Respell(entry.SignedHeader.Signature.Span),
        },
    };

    /// <summary>
    /// One entry twice, in two spellings; an entry and the one before; an entry and a header that
    /// its author never signed.
    /// </summary>
    private static IEnumerable<ForkProof> FalseProofs(Entry entry, ImmutableArray<Entry> others)
    {
        var signed = entry.SignedHeader;
        yield return new(signed, Respelled(entry).SignedHeader);
        var made = signed.Header with { Time = signed.Header.Time + 1 };
        var bytes = EntryFormat.Encode(made);
        yield return new(signed, new(made, EntryId.Of(bytes), bytes, signed.Signature));
        if (others.FirstOrDefault(o => o.Id == entry.Header.Prev) is { } before)
        {
            yield return new(before.SignedHeader, signed);
        }
    }
}
