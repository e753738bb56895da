using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scripts;

/// <summary>
/// Does what a script says, line by line. The world is built when the first act comes.
/// </summary>
public sealed partial class Stage
{
    private readonly Setting _setting = new();
    private readonly Mutation _mutation;
    private readonly Dictionary<string, Action<Words>> _verbs;
    private Cluster? _cluster;

    public Stage(Mutation mutation)
    {
        _mutation = mutation;
        _verbs = new(StringComparer.Ordinal)
        {
            ["start"] = Start,
            ["crash"] = Crash,
            ["stop"] = Stop,
            ["fail"] = Fail,
            ["publish"] = Publish,
            ["end"] = EndLog,
            ["run"] = words => Cluster.RunFor(words.Time()),
            ["settle"] = Settle,
            ["faults"] = words => Cluster.Faults = FaultWords.Read(words),
            ["cut"] = Cut,
            ["sever"] = Sever,
            ["part"] = Part,
            ["heal"] = _ => Cluster.Heal(),
            ["slow"] = Slow,
            ["withhold"] = Withhold,
            ["serve"] = words => Each(words, n => n.IsWithholding = false),
            ["pardon"] = words => Operate(words, did => new Signal.Pardoned(did)),
            ["block"] = words => Operate(words, did => new Signal.Blocked(did, "a story")),
            ["unblock"] = words => Operate(words, did => new Signal.Unblocked(did)),
            ["disk"] = Disk,
            ["backup"] = words => Each(words, n => _backups[n.Number] = n.Disk.Backup()),
            ["restore"] = Restore,
            ["clock"] = words => Node(words).Clock.Jump(words.Time()),
            ["bury"] = words => Each(words, n => Cluster.Dead.Add(n.Number)),
            ["show"] = Show,
            ["state"] = State,
        };
    }

    public Cluster Cluster => _cluster ??= Build();

    /// <summary>What the last "settle" took.</summary>
    public TimeSpan Settled { get; private set; }

    /// <summary>True when the line set the world, which was not built yet.</summary>
    public bool TrySet(string line) => _cluster is null && _setting.TryRead(new(line));

    public void Do(string line)
    {
        if (TrySet(line))
        {
            return;
        }

        var words = new Words(line);
        if (words.Take("at"))
        {
            var delay = words.Time() - Cluster.Time.Now;
            Cluster.Time.In(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, () => Act(words));
        }
        else
        {
            Act(words);
        }
    }

    private void Act(Words words)
    {
        var verb = words.Next();
        if (!_verbs.TryGetValue(verb, out var act))
        {
            throw words.Wrong($"'{verb}' is nothing that can be done");
        }

        act(words);
        words.End();
    }

    private Cluster Build()
    {
        var cluster = new Cluster(_setting.ToShape(_mutation));
        foreach (var (one, other) in _setting.Faces)
        {
            cluster.Watch.TwoFaced.Add(cluster[one].Did);
            cluster[one].Fix(Setting.SharedIncarnation);
            cluster[other].Fix(Setting.SharedIncarnation);
        }

        return cluster;
    }

    private SimulatedNode Node(Words words)
    {
        var number = words.Number();
        return number < Cluster.Nodes.Length
            ? Cluster[number]
            : throw words.Wrong($"there is no node {number}");
    }

    private void Each(Words words, Action<SimulatedNode> act)
    {
        if (words.Take("all"))
        {
            Cluster.Nodes.ToList().ForEach(act);
            return;
        }

        foreach (var number in words.Numbers())
        {
            act(number < Cluster.Nodes.Length
                ? Cluster[number]
                : throw words.Wrong($"there is no node {number}"));
        }
    }

    private MachineId Machine(Words words) => words.Next() switch
    {
        "book" => MachineId.Book,
        "ledger" => MachineId.Ledger,
        "rounds" => MachineId.Rounds,
        "trust" => MachineId.Trust,
        "topic" => new MachineId.Topic(TopicId.OfPublic(new(Cluster.Shape.Topics[0]))),
        var other => throw words.Wrong($"'{other}' is no machine"),
    };
}
