using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scripts;

/// <summary>
/// What do people call a log? The number of its author's node, and a letter per incarnation in the
/// order they are met: 0a, 0b, 1a.
/// </summary>
public sealed class Names(Cluster cluster)
{
    private readonly Dictionary<LogId, string> _logs = [];
    private readonly Dictionary<Did, int> _incarnations = [];
    private readonly Dictionary<Hash, string> _roots = [];

    public string Of(LogId log)
    {
        if (!_logs.TryGetValue(log, out var name))
        {
            var index = _incarnations[log.Author] =
                _incarnations.GetValueOrDefault(log.Author, -1) + 1;
            var author = cluster.Nodes.First(n => n.Did.Equals(log.Author)).Number;
            _logs[log] = name = $"{author}{(char)('a' + index)}";
        }

        return name;
    }

    public string Of(Dot dot) => $"{Of(dot.Log)}#{dot.Seq}";

    /// <summary>Equal roots have equal names: A, B, C.</summary>
    public string OfRoot(Hash root)
    {
        if (!_roots.TryGetValue(root, out var name))
        {
            _roots[root] = name = $"{(char)('A' + _roots.Count)}";
        }

        return name;
    }

    public string Of(IEnumerable<Dot> dots) => string.Join(' ', dots.Select(Of));
}
