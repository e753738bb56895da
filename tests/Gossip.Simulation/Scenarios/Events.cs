using Gossip.Simulation.Scripts;

namespace Gossip.Simulation.Scenarios;

/// <summary>What breaks in one tick? Each family has a rate of its own, or stays away.</summary>
internal sealed class Events
{
    private static readonly string[] Machines =
        ["topic", "ledger", "rounds", "book", "trust", "session"];

    private static readonly string[] Moods = ["slow", "full", "failing"];

    private readonly int _nodes;
    private readonly Draw _draw;
    private readonly List<(double Rate, Func<IEnumerable<string>> Acts)> _families = [];

    public Events(Storm storm, int nodes, Draw draw)
    {
        (_nodes, _draw) = (nodes, draw);
        Rate(storm.PartitionMax, () => [$"{Partition()} for {For(1500)}"]);
        Rate(storm.ClogMax * nodes, () => [$"sever {Way()} for {For(300)}"]);
        Rate(storm.CutMax * nodes, () => [$"cut {Way()}"]);
        Rate(storm.CrashMax * nodes, () => [$"crash {Node()} for {For(1000)}"]);
        Rate(storm.LeaveMax * nodes, () => [$"stop {Node()} for {For(1500)}"]);
        Rate(storm.MachineMax * nodes, () => [$"fail {Node()} {One(Machines)}"]);
        Rate(storm.SlowMax * nodes, () => [$"slow {Node()} {For(15)} for {For(800)}"]);
        Rate(storm.ClockMax * nodes, () => [$"clock {Node()} {Jump()}"]);
        Rate(storm.DiskMax * nodes, () => [$"disk {Node()} {One(Moods)} for {For(600)}"]);

        void Rate(double max, Func<IEnumerable<string>> acts) => _families.Add(
            (draw.Chance(storm.Families) ? max * draw.Random.NextDouble() : 0, acts));
    }

    public IEnumerable<string> OfTick()
    {
        foreach (var (rate, acts) in _families)
        {
            if (_draw.Chance(rate))
            {
                foreach (var act in acts())
                {
                    yield return act;
                }
            }
        }
    }

    /// <summary>By halves, by chance, or one alone; noticed, unnoticed, or one way.</summary>
    private string Partition()
    {
        var all = Enumerable.Range(0, _nodes).OrderBy(_ => _draw.Random.Next()).ToArray();
        var size = _draw.Random.Next(3) switch
        {
            0 => 1,
            1 => Math.Max(1, _nodes / 2),
            _ => 1 + _draw.Random.Next(_nodes - 1),
        };
        var left = string.Join(' ', all.Take(size).Order());
        var right = string.Join(' ', all.Skip(size).Order());
        return _draw.Random.Next(4) switch
        {
            0 => $"part {left} | {right} silently",
            1 => $"part {left} | {right} oneway",
            _ => $"part {left} | {right}",
        };
    }

    private int Node() => _draw.Random.Next(_nodes);

    private string Way()
    {
        var from = Node();
        return $"{from} {(from + 1 + _draw.Random.Next(_nodes - 1)) % _nodes}";
    }

    private string One(string[] words) => words[_draw.Random.Next(words.Length)];

    private string Jump()
    {
        var range = _draw.Chance(0.5) ? 24 * 3600 * 1000 : 5000;
        return $"{_draw.Random.Next(-range, range)}ms";
    }

    private string For(int meanMilliseconds) =>
        Spelled.Time(_draw.Around(TimeSpan.FromMilliseconds(meanMilliseconds)));
}
