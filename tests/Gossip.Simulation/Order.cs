using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// Is each entry delivered once, at the next position, after everything its author had seen? Reads
/// the store as a subscriber does.
/// </summary>
internal sealed class Order(SimulatedNode node, Watch watch)
{
    private readonly Dictionary<TopicId, Line> _topics = [];

    public IReadOnlyList<Entry> Of(TopicId topic) => LineOf(topic).Entries;

    public void Follow(TopicId topic, long position)
    {
        var line = LineOf(topic);
        Broken.Unless(
            position >= line.Position,
            $"node {node.Number}: delivery went back from {line.Position} to {position}");
        var page = node.Disk.Store
            .ReadDeliveredAsync(topic, line.Position, int.MaxValue, int.MaxValue, default)
            .GetAwaiter().GetResult();
        foreach (var delivered in page.TakeWhile(d => d.Position <= position))
        {
            var (at, entry) = delivered;
            // A closure takes entries out of the order, and their positions with them.
            Broken.Unless(
                at == line.Position + 1 || IsAnyClosed(topic),
                $"node {node.Number}: position {at} follows {line.Position}");
            line.Position = at;
            Check(topic, line, entry, delivered.IsLate);
            line.Entries.Add(entry);
        }

        line.Position = position;
    }

    private void Check(TopicId topic, Line line, Entry entry, bool isLate)
    {
        var (log, seq) = (entry.Header.Log, entry.Header.Seq);
        var head = line.Heads.GetValueOrDefault(log);
        if (isLate)
        {
            Broken.Unless(
                seq < head && WereLost(topic, log, seq, seq),
                $"node {node.Number}: {entry.Dot} is late after #{head}");
            return;
        }

        Broken.Unless(
            seq > head && WereLost(topic, log, head + 1, seq - 1),
            $"node {node.Number}: {entry.Dot} follows #{head}");
        line.Heads[log] = seq;
        foreach (var dependency in entry.Header.Clock)
        {
            Broken.Unless(
                WereLost(
                    topic, dependency.Log, line.Heads.GetValueOrDefault(dependency.Log) + 1,
                    dependency.Seq)
                    || IsClosed(topic, dependency.Log, dependency.Seq)
                    || watch.HoldsAnother(node.Number, topic, dependency)
                    || IsTakenAway(topic, dependency),
                $"node {node.Number}: {entry.Dot} before {dependency.Log}#{dependency.Seq}");
        }
    }

    /// <summary>All of these slots, if there are any: nobody could serve them.</summary>
    private bool WereLost(TopicId topic, LogId log, long first, long last)
    {
        while (first <= last && watch.WasLost(node.Number, topic, new(log, first)))
        {
            first++;
        }

        return first > last;
    }

    private bool IsClosed(TopicId topic, LogId log, long seq) =>
        node.Record.Closed.TryGetValue((topic, log), out var slot) && slot <= seq;

    /// <summary>The policy of its topic ends the log before that slot.</summary>
    private bool IsTakenAway(TopicId topic, Dependency dependency) =>
        node.Topics.Single(t => t.Id == topic) is { Name.IsPublic: false } governed
        && node.RightsIn(governed).RulingOn(dependency.Log).End <= dependency.Seq;

    private bool IsAnyClosed(TopicId topic) =>
        node.Record.Closed.Keys.Any(c => c.Topic == topic)
        || !node.Topics.Single(t => t.Id == topic).Name.IsPublic;

    private Line LineOf(TopicId topic)
    {
        if (!_topics.TryGetValue(topic, out var line))
        {
            _topics[topic] = line = new();
        }

        return line;
    }

    private sealed class Line
    {
        public long Position { get; set; }

        public List<Entry> Entries { get; } = [];

        public Dictionary<LogId, long> Heads { get; } = [];
    }
}
