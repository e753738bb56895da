using Gossip.Actors;

namespace Gossip.Simulation.Scripts;

/// <summary>How is the world set before the first act? The opening lines of a script.</summary>
public sealed class Setting
{
    /// <summary>Two faces of one author begin the same log: this incarnation.</summary>
    public const ulong SharedIncarnation = 42;

    private int _nodes = 3;
    private int _seed = 1;
    private int _pageEntries = new GossipSizes().PageEntriesMax;
    private int _queueBytes = new GossipSizes().SendQueueBytesMax;
    private int _creditBytes = new GossipSizes().CreditBytes;
    private bool _push = true;
    private TimeSpan _rounds = new GossipTimes().RoundInterval;
    private string[] _topics = ["t"];
    private string _dials = "mesh";
    private Faults _faults = Faults.None;

    /// <summary>Pairs of nodes with one key, which write one log.</summary>
    public List<(int One, int Other)> Faces { get; } = [];

    public Faults Faults => _faults;

    /// <summary>False when the line is no setting, but an act.</summary>
    public bool TryRead(Words words)
    {
        switch (words.Peek)
        {
            case "nodes" when words.Take("nodes"):
                _nodes = words.Number();
                break;
            case "seed" when words.Take("seed"):
                _seed = words.Number();
                break;
            case "topics" when words.Take("topics"):
                _topics = [.. All(words)];
                break;
            case "push" when words.Take("push"):
                _push = words.Next() != "off";
                break;
            case "rounds" when words.Take("rounds"):
                _rounds = words.Time();
                break;
            case "page" when words.Take("page"):
                _pageEntries = words.Number();
                break;
            case "queue" when words.Take("queue"):
                _queueBytes = words.Number();
                break;
            case "credit" when words.Take("credit"):
                _creditBytes = words.Number();
                break;
            case "dials" when words.Take("dials"):
                _dials = words.Next();
                break;
            case "faces" when words.Take("faces"):
                Faces.Add((words.Number(), words.Number()));
                break;
            case "faults" when words.Take("faults"):
                _faults = FaultWords.Read(words);
                break;
            default:
                return false;
        }

        words.End();
        return true;
    }

    public ClusterShape ToShape(Mutation mutation) => new()
    {
        Nodes = _nodes,
        Seed = _seed,
        Faults = _faults,
        Topics = _topics,
        Mutation = mutation,
        DialsOf = node => Dials.Of(_dials, node, _nodes),
        KeyOf = node => Faces.Where(f => f.Other == node).Select(f => (int?)f.One)
            .FirstOrDefault() ?? node,
        Tune = options => options with
        {
            Push = _push,
            Times = options.Times with { RoundInterval = _rounds },
            Sizes = new()
            {
                PageEntriesMax = _pageEntries,
                SendQueueBytesMax = _queueBytes,
                CreditBytes = _creditBytes,
            },
        },
    };

    private static IEnumerable<string> All(Words words)
    {
        while (!words.IsDone)
        {
            yield return words.Next();
        }
    }
}

/// <summary>Whom does a node dial?</summary>
public static class Dials
{
    public static IEnumerable<int> Of(string kind, int node, int nodes) => kind switch
    {
        "mesh" => Enumerable.Range(0, nodes).Where(n => n != node),
        "line" => node == 0 ? [] : [node - 1],
        // A ring with chords: every node has about four links, and no small cut parts it.
        "ring" => new[] { (node + 1) % nodes, (node + (nodes / 3) + 1) % nodes }
            .Distinct().Where(n => n != node),
        "nobody" => [],
        _ => throw new ScriptException($"'{kind}' is no way to dial: mesh, line, ring, nobody"),
    };
}
