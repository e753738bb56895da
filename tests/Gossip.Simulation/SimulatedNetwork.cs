using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>One end of a connection: whose it is, and what that node calls it.</summary>
public sealed class LinkEnd(SimulatedNode node, Link link)
{
    public SimulatedNode Node => node;

    public Link Link => link;

    /// <summary>The same process that opened it.</summary>
    public long Generation { get; } = node.Generation;

    public LinkEnd Other { get; set; } = null!;

    /// <summary>What was sent before arrives before: in order, as a TCP stream.</summary>
    public TimeSpan LastArrival { get; set; }

    public bool IsOpen { get; set; } = true;

    public bool IsCut { get; set; }
}

/// <summary>
/// Who can reach whom, and when does a frame arrive? Carries encoded frames, in order and whole,
/// until a link is cut; the lossy mode treats gossip frames as datagrams.
/// </summary>
public sealed class SimulatedNetwork(Cluster cluster)
{
    private readonly List<LinkEnd> _ends = [];
    private readonly Dictionary<SimulatedNode, int> _islands = [];

    public IEnumerable<LinkEnd> OpenEnds => _ends;

    public void Dial(SimulatedNode from, string address)
    {
        var generation = from.Generation;
        cluster.Time.In(Delay(), () =>
        {
            if (!from.IsUp || from.Generation != generation)
            {
                return;
            }

            var to = cluster.Nodes.FirstOrDefault(n => n.Address == address);
            if (to is not { IsUp: true } || !CanReach(from, to))
            {
                from.Tell(new Signal.DialFailed(address, GoodbyeCode.None, "nobody there"));
                return;
            }

            var ours = new LinkEnd(from, from.NextLink());
            var theirs = new LinkEnd(to, to.NextLink());
            (ours.Other, theirs.Other) = (theirs, ours);
            _ends.AddRange([ours, theirs]);
            from.Open(ours, address);
            to.Open(theirs, null);
        });
    }

    public void Send(LinkEnd from, byte[] frame, bool isGossip)
    {
        if (!from.IsOpen || from.IsCut)
        {
            return;
        }

        var faults = cluster.Faults;
        var isLoose = isGossip && faults.Reorder;
        if (isGossip && cluster.Draw.Chance(faults.Loss))
        {
            return;
        }

        var arrival = cluster.Time.Now + Delay();
        arrival = arrival > from.LastArrival ? arrival : from.LastArrival;
        from.LastArrival = isLoose ? from.LastArrival : arrival;
        Arrive(from.Other, frame, arrival);
        if (isGossip && cluster.Draw.Chance(faults.Duplicate))
        {
            Arrive(from.Other, frame, arrival + Delay());
        }
    }

    /// <summary>Ends in order: what was sent arrives first.</summary>
    public void Close(LinkEnd end)
    {
        end.IsOpen = false;
        _ends.Remove(end);
        var arrival = cluster.Time.Now + Delay();
        arrival = arrival > end.LastArrival ? arrival : end.LastArrival;
        cluster.Time.In(arrival - cluster.Time.Now, () => Hear(end.Other, "the peer hung up"));
    }

    /// <summary>Ends at once: what is in flight is lost, and each side notices by itself.</summary>
    public void Cut(LinkEnd end)
    {
        foreach (var side in new[] { end, end.Other }.Where(s => !s.IsCut))
        {
            side.IsCut = true;
            _ends.Remove(side);
            cluster.Time.In(Delay(), () => Hear(side, "connection reset"));
        }
    }

    /// <summary>Nodes of different islands cannot reach each other.</summary>
    public void Partition(Func<SimulatedNode, int> islandOf)
    {
        foreach (var node in cluster.Nodes)
        {
            _islands[node] = islandOf(node);
        }

        foreach (var end in _ends.Where(e => !CanReach(e.Node, e.Other.Node)).ToArray())
        {
            Cut(end);
        }
    }

    private bool CanReach(SimulatedNode one, SimulatedNode other) =>
        _islands.GetValueOrDefault(one) == _islands.GetValueOrDefault(other);

    private void Arrive(LinkEnd to, byte[] frame, TimeSpan at) =>
        cluster.Time.In(at - cluster.Time.Now, () =>
        {
            if (to is { IsOpen: true, IsCut: false } && to.Node.Has(to))
            {
                to.Node.Receive(to, frame);
            }
        });

    private static void Hear(LinkEnd end, string reason)
    {
        if (end.Node.Has(end))
        {
            end.Node.Tell(new Signal.LinkClosed(end.Link, reason));
        }
    }

    private TimeSpan Delay() =>
        cluster.Faults.DelayMin + cluster.Draw.Around(cluster.Faults.DelayMean);
}
