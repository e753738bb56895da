using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// Who can reach whom, and how long does it take? Opens and breaks links between nodes; each way
/// of a link is a <see cref="Pipe"/>.
/// </summary>
public sealed class SimulatedNetwork(Cluster cluster)
{
    private readonly List<LinkEnd> _ends = [];
    private readonly List<Block> _standing = [];
    private readonly List<Pipe> _heldUp = [];
    private readonly Blocks _blocks = new(cluster.Shape.Nodes);
    private readonly Dictionary<string, int> _addresses = Enumerable
        .Range(0, cluster.Shape.Nodes)
        .ToDictionary(SimulatedNode.AddressOf);

    public IEnumerable<LinkEnd> OpenEnds => _ends;

    /// <summary>Frames that nodes sent, and their bytes.</summary>
    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    public bool IsBlocked(int from, int to) => _blocks.IsBlocked(from, to);

    public void Dial(SimulatedNode from, string address)
    {
        var generation = from.Generation;
        cluster.Time.In(Delay(), () =>
        {
            if (!from.IsUp || from.Generation != generation)
            {
                return;
            }

            var to = _addresses.TryGetValue(address, out var number) ? cluster[number] : null;
            if (to is { IsUp: true } && !IsBlocked(from.Number, to.Number)
                && !IsBlocked(to.Number, from.Number))
            {
                Open(from, to, address);
            }
            else
            {
                from.Tell(new Signal.DialFailed(address, GoodbyeCode.None, "nobody there"));
            }
        });
    }

    /// <summary>False when it was dropped, because the queue of its class is full.</summary>
    public bool Send(LinkEnd from, byte[] frame, SendClass sendClass, bool isGossip)
    {
        (Messages, Bytes) = (Messages + 1, Bytes + frame.Length);
        return from.Out.TrySend(frame, sendClass, isGossip);
    }

    /// <summary>This end closes in order: what it said before arrives first.</summary>
    public void Close(LinkEnd end)
    {
        _ends.Remove(end);
        end.Out.Finish();
    }

    /// <summary>Ends at once: what is in flight is lost, and each side notices by itself.</summary>
    public void Cut(LinkEnd end)
    {
        foreach (var side in new[] { end, end.Other })
        {
            _ends.Remove(side);
            side.Out.Break(null);
            cluster.Time.In(Delay(), () => Hear(side, "connection reset"));
        }
    }

    /// <summary>This end is gone at once; the other hears of it when the way is open.</summary>
    public void Abandon(LinkEnd end)
    {
        _ends.Remove(end);
        _ends.Remove(end.Other);
        end.Out.Break("connection reset");
        end.Other.Out.Break(null);
    }

    /// <summary>Something waits in this pipe for its way to open.</summary>
    internal void HoldUp(Pipe pipe)
    {
        if (!_heldUp.Contains(pipe))
        {
            _heldUp.Add(pipe);
        }
    }

    /// <summary>Frames go these ways no more, and nobody is told.</summary>
    public Block Close(IEnumerable<(int From, int To)> ways)
    {
        var block = _blocks.Add([.. ways]);
        _standing.Add(block);
        return block;
    }

    public void Lift(Block block)
    {
        _standing.Remove(block);
        _blocks.Lift(block);
        foreach (var pipe in _heldUp.ToArray())
        {
            if (pipe.TryUnblock())
            {
                _heldUp.Remove(pipe);
            }
        }
    }

    /// <summary>Nodes of different islands cannot reach each other, and notice at once.</summary>
    public Block Partition(Func<SimulatedNode, int> islandOf)
    {
        var islands = cluster.Nodes.Select(islandOf).ToArray();
        var all = Enumerable.Range(0, islands.Length).ToArray();
        var block = Close(all.SelectMany(one => all
            .Where(other => islands[one] != islands[other])
            .Select(other => (one, other))));
        foreach (var end in _ends.Where(e => IsBlocked(e.Node.Number, e.Other.Node.Number))
            .ToArray())
        {
            Cut(end);
        }

        return block;
    }

    public void Heal()
    {
        while (_standing.Count > 0)
        {
            Lift(_standing[^1]);
        }
    }

    public void Hear(LinkEnd end, string reason)
    {
        if (end.IsOpen)
        {
            end.Node.Tell(new Signal.LinkClosed(end.Link, reason));
        }
    }

    public TimeSpan Delay() =>
        cluster.Faults.DelayMin + cluster.Draw.Around(cluster.Faults.DelayMean);

    private void Open(SimulatedNode from, SimulatedNode to, string address)
    {
        var (ours, theirs) = LinkEnd.Pair(cluster, from, to);
        _ends.AddRange([ours, theirs]);
        from.Open(ours, address);
        to.Open(theirs, null);
    }
}
