namespace Gossip.Simulation.Scenarios;

/// <summary>
/// Who is on which side? Two or three arcs of the ring, so that each side is connected in itself;
/// then one bridge between neighbours, or no border at all.
/// </summary>
internal sealed class Sides
{
    private readonly Cluster _cluster;
    private readonly int[] _sideOf;
    private Block? _border;

    public Sides(Cluster cluster)
    {
        _cluster = cluster;
        var nodes = cluster.Nodes.Length;
        Count = nodes > 5 && cluster.Draw.Chance(0.3) ? 3 : 2;
        var turn = cluster.Draw.Random.Next(nodes);
        _sideOf =
        [
            .. Enumerable.Range(0, nodes).Select(n => (n + turn) % nodes * Count / nodes),
        ];
    }

    public int Count { get; }

    public IEnumerable<SimulatedNode> Of(int side) =>
        _cluster.Nodes.Where(n => _sideOf[n.Number] == side % Count);

    public void Part() => _border = _cluster.Network.Partition(n => _sideOf[n.Number]);

    /// <summary>A bridge is a pair of neighbours, one on each of two sides.</summary>
    public void Join(bool isBridged)
    {
        var ways = _border!.Ways;
        _cluster.Network.Lift(_border);
        if (!isBridged)
        {
            return;
        }

        var nodes = _cluster.Nodes.Length;
        var bridges = Enumerable.Range(0, nodes)
            .Select(n => (From: n, To: (n + 1) % nodes))
            .Where(way => _sideOf[way.From] + 1 == _sideOf[way.To])
            .ToHashSet();
        _cluster.Network.Close(ways.Where(way =>
            !bridges.Contains(way) && !bridges.Contains((way.To, way.From))));
    }
}
