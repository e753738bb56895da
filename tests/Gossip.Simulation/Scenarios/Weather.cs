using Gossip.Simulation.Scripts;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// What goes wrong under one seed? Draws settings and acts from the ranges of a storm, with a
/// generator of its own: the same script may be played again with lines left out.
/// </summary>
internal sealed class Weather(Storm storm, int nodes, int seed)
{
    private const int Few = 10;

    private readonly Draw _draw = new(seed);
    private readonly List<(TimeSpan At, string Act)> _acts = [];

    public Script Draw()
    {
        var settings = Settings().ToArray();
        Population();
        Publishes();
        Guests();
        Events();
        var last = new List<string> { $"run {Spelled.Time(storm.Safety)}" };
        if (_draw.Chance(storm.Burials) && nodes > 2)
        {
            last.Add($"bury {string.Join(' ', Minority())}");
        }

        last.Add($"settle {Spelled.Time(storm.Liveness)}");
        return new(
            [.. settings],
            [
                .. _acts.OrderBy(a => a.At).Select(a => $"at {Spelled.Time(a.At)} {a.Act}"),
                .. last,
            ]);
    }

    private IEnumerable<string> Settings()
    {
        yield return $"nodes {nodes}";
        yield return $"seed {seed}";
        yield return $"dials {(nodes > 8 ? "ring" : "mesh")}";

        // Small pages, so that a backlog takes several; push only in two seeds of three.
        yield return $"page {1 + (seed % 7)}";
        yield return $"push {(seed % 3 == 0 ? "off" : "on")}";
        if (IsThere())
        {
            yield return $"queue {_draw.Random.Next(256, 4096)}";
            yield return $"credit {_draw.Random.Next(2, 32) * 1024}";
        }

        if (nodes > 2 && _draw.Chance(storm.Equivocators))
        {
            yield return "faces 0 1";
        }

        yield return $"faults{FaultWords.Write(Faults())}";
    }

    private Faults Faults()
    {
        var faults = Gossip.Simulation.Faults.None with
        {
            DelayMin = Up(storm.DelayMinMax),
            DelayMean = storm.DelayMean.Low
                + Up(storm.DelayMean.High - storm.DelayMean.Low),
            CommitMean = TimeSpan.FromMilliseconds(_draw.Random.Next(1, 15)),
            CrashesPerCommit = IsThere() ? Up(storm.CrashInCommitMax) : 0,
            CrashWriteFaults = Between(storm.CrashWriteFaults),
        };
        if (storm.LossMax > 0 && IsThere())
        {
            faults = faults with
            {
                Loss = Up(storm.LossMax),
                Replay = Up(storm.ReplayMax),
                Reorder = true,
            };
        }

        if (IsThere())
        {
            faults = faults with
            {
                BytesPerSecond = (long)Between(storm.BytesPerSecond),
                WindowBytes = _draw.Random.Next(256, 4096),
            };
        }

        return storm.WriteFaultsMax > 0 && IsThere()
            ? faults with
            {
                WriteFaults = Up(storm.WriteFaultsMax),
                ReadFaults = Up(storm.ReadFaultsMax),
            }
            : faults;
    }

    /// <summary>Everybody starts soon, but for those who come late.</summary>
    private void Population()
    {
        for (var node = 0; node < nodes; node++)
        {
            var isLate = node > 1 && _draw.Chance(storm.Latecomers / 2);
            var at = isLate
                ? storm.Safety * (0.2 + (0.6 * _draw.Random.NextDouble()))
                : _draw.Around(TimeSpan.FromMilliseconds(50));
            Add(at, $"start {node}");
        }
    }

    /// <summary>
    /// A node that is down does not publish then. In a large cluster each says less: as much as
    /// ten nodes say together.
    /// </summary>
    private void Publishes()
    {
        for (var node = 0; node < nodes; node++)
        {
            var publishes = _draw.Random.Next(6, 13) * Few / Math.Max(nodes, Few);
            for (var i = 0; i < publishes; i++)
            {
                Publish(node, $"{i} of node {node}, seed {seed}", i);
            }
        }
    }

    /// <summary>One in four has a key, and is tried again, as a client would.</summary>
    private void Publish(int node, string text, int number)
    {
        var at = storm.Safety * _draw.Random.NextDouble();
        var hasKey = _draw.Chance(storm.Keys);
        var act = $"publish {node} \"{text}\"{(hasKey ? $" key {number}" : "")}";
        Add(at, act);
        if (hasKey)
        {
            Add(at + _draw.Around(TimeSpan.FromMilliseconds(300)), act);
        }
    }

    private void Guests()
    {
        if (_draw.Chance(storm.Ends))
        {
            Add(storm.Safety * _draw.Random.NextDouble(), $"end {_draw.Random.Next(nodes)}");
        }

        if (_draw.Chance(storm.Liars))
        {
            Add(TimeSpan.Zero, $"disk {_draw.Random.Next(nodes)} lying");
        }

        if (_draw.Chance(storm.Restores))
        {
            var node = _draw.Random.Next(nodes);
            var at = storm.Safety * (0.8 * _draw.Random.NextDouble());
            Add(at, $"backup {node}");
            at += (storm.Safety - at) * _draw.Random.NextDouble();
            var noticed = _draw.Chance(0.5) ? " noticed" : "";
            Add(at, $"restore {node}{noticed} for {Away()}");
            Add(at + TimeSpan.FromMilliseconds(1500), $"publish {node} \"after the restore\"");
        }
    }

    private void Events()
    {
        var events = new Events(storm, nodes, _draw);
        for (var at = TimeSpan.Zero; at < storm.Safety; at += Storm.Tick)
        {
            foreach (var act in events.OfTick())
            {
                Add(at + (Storm.Tick * _draw.Random.NextDouble()), act);
            }
        }
    }

    /// <summary>Fewer than half; of many nodes so few that the ring holds.</summary>
    private IEnumerable<int> Minority()
    {
        var count = nodes > 8
            ? 1 + _draw.Random.Next(2)
            : 1 + _draw.Random.Next(Math.Max(1, (nodes - 1) / 2));
        return Enumerable.Range(0, nodes)
            .OrderBy(_ => _draw.Random.Next())
            .Take(count)
            .Order();
    }

    private bool IsThere() => _draw.Chance(storm.Families);

    private double Up(double most) => most * _draw.Random.NextDouble();

    private TimeSpan Up(TimeSpan most) => most * _draw.Random.NextDouble();

    private double Between((double Low, double High) range) =>
        range.Low + Up(range.High - range.Low);

    private string Away() => Spelled.Time(_draw.Around(TimeSpan.FromSeconds(1)));

    private void Add(TimeSpan at, string act) => _acts.Add((Spelled.Rounded(at), act));
}
