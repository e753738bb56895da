using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>One end of a connection: whose it is, and what that node calls it.</summary>
public sealed class LinkEnd(SimulatedNode node, Link link)
{
    public SimulatedNode Node => node;

    public Link Link => link;

    /// <summary>The same process that opened it.</summary>
    public long Generation { get; } = node.Generation;

    public LinkEnd Other { get; private set; } = null!;

    /// <summary>What this end says to the other.</summary>
    public Pipe Out { get; private set; } = null!;

    /// <summary>This end still has it open.</summary>
    public bool IsOpen => node.Has(this);

    internal static (LinkEnd From, LinkEnd To) Pair(
        Cluster cluster, SimulatedNode from, SimulatedNode to)
    {
        var one = new LinkEnd(from, from.NextLink());
        var other = new LinkEnd(to, to.NextLink());
        (one.Other, other.Other) = (other, one);
        (one.Out, other.Out) = (new(cluster, one), new(cluster, other));
        return (one, other);
    }
}
