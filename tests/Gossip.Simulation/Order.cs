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
        foreach (var (at, entry) in page.TakeWhile(d => d.Position <= position))
        {
            // A closure takes entries out of the order, and their positions with them.
            Broken.Unless(
                at == line.Position + 1 || IsAnyClosed(topic),
                $"node {node.Number}: position {at} follows {line.Position}");
            line.Position = at;
            Check(topic, line, entry);
            line.Entries.Add(entry);
        }

        line.Position = position;
    }

    private void Check(TopicId topic, Line line, Entry entry)
    {
        var (log, seq) = (entry.Header.Log, entry.Header.Seq);
        Broken.Unless(
            line.Heads.GetValueOrDefault(log) == seq - 1,
            $"node {node.Number}: {entry.Dot} follows #{line.Heads.GetValueOrDefault(log)}");
        line.Heads[log] = seq;
        foreach (var dependency in entry.Header.Clock)
        {
            Broken.Unless(
                line.Heads.GetValueOrDefault(dependency.Log) >= dependency.Seq
                    || IsClosed(topic, dependency.Log, dependency.Seq)
                    || watch.HoldsAnother(node.Number, topic, dependency)
                    || IsTakenAway(topic, dependency),
                $"node {node.Number}: {entry.Dot} before {dependency.Log}#{dependency.Seq}");
        }
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
