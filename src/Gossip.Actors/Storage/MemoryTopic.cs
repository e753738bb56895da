using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>What does a <see cref="MemoryStore"/> hold of one topic?</summary>
internal sealed class MemoryTopic(TopicId id, TopicName name)
{
    private readonly SortedDictionary<LogId, MemoryLog> _logs = [];
    private readonly SortedList<long, Entry> _delivered = [];
    private readonly Dictionary<EntryId, Entry> _byId = [];
    private readonly Dictionary<PublishKey, Publication> _byKey = [];
    private readonly List<Entry> _policies = [];
    private readonly List<Erasure> _erasures = [];
    private readonly HashSet<long> _late = [];
    private ulong? _ownIncarnation;
    private long _position;

    /// <summary>Commits of lower ones are refused.</summary>
    public long Generation { get; set; }

    /// <summary>Logs that closed before entries which were already delivered.</summary>
    public long TakenBack { get; private set; }

    public MemoryReaders Readers { get; init; } = new();

    /// <summary>Null for a publish that is disputed now: it never counted.</summary>
    public Publication? Find(PublishKey key) =>
        _byKey.TryGetValue(key, out var publication)
        && !_logs[publication.Dot.Log].IsDisputed(publication.Dot.Seq)
            ? publication
            : null;

    public MemoryLog? Log(LogId log) => _logs.GetValueOrDefault(log);

    public Entry? Find(EntryId entry) => _byId.GetValueOrDefault(entry);

    public TopicRecord Load() => new()
    {
        Topic = id,
        Name = name,
        OwnIncarnation = _ownIncarnation,
        Position = _position,
        Logs = [.. _logs.Values.Select(l => l.Record)],
        Islands = [.. _logs.Values.SelectMany(l => l.Islands())],
        Policies = [.. _policies],
        Erasures = [.. _erasures],
    };

    /// <summary>Checks all of it first: a batch that fails changes nothing.</summary>
    public void Commit(Batch batch)
    {
        Check(batch);
        foreach (var record in batch.Logs)
        {
            var voided = LogOf(record.Log).Replace(record).ToArray();
            TakenBack += voided.Length > 0 ? 1 : 0;
            foreach (var position in voided)
            {
                _delivered.Remove(position);
            }
        }

        foreach (var entry in batch.Entries)
        {
            LogOf(entry.Header.Log).Add(entry, batch.Arrived);
            _byId[entry.Id] = entry;
        }

        foreach (var placement in batch.Placements)
        {
            var (dot, position) = placement;
            _position = position;
            var log = _logs[dot.Log];
            if (!log.IsDisputed(dot.Seq))
            {
                log.Place(dot.Seq, position);
                _delivered.Add(position, log[dot.Seq]);
                if (placement.IsLate)
                {
                    _late.Add(position);
                }
            }
        }

        foreach (var log in batch.Logs.Select(record => _logs[record.Log]))
        {
            Forget(log);
        }

        foreach (var (key, publication) in batch.Keys)
        {
            _byKey[key] = publication;
        }

        _policies.AddRange(batch.Policies.Except(_policies));
        _erasures.AddRange(batch.Erasures.Except(_erasures));
        foreach (var erasure in batch.Erased)
        {
            Erase(erasure);
        }

        _ownIncarnation = batch.OwnIncarnation ?? _ownIncarnation;
    }

    public IEnumerable<Entry> Read(LogId log, SeqRange slots) =>
        _logs.TryGetValue(log, out var held)
            ? held.From(slots.First).TakeWhile(e => e.Header.Seq <= slots.Last)
            : [];

    public IEnumerable<DeliveredEntry> ReadDelivered(long after)
    {
        for (var i = IndexAtOrAfter(_delivered, after + 1); i < _delivered.Count; i++)
        {
            var position = _delivered.GetKeyAtIndex(i);
            yield return new(position, _delivered.GetValueAtIndex(i))
            {
                IsLate = _late.Contains(position),
            };
        }
    }

    public IEnumerable<Segment> Survey() => _logs.Values.SelectMany(l => l.Segments);

    public StoreStatistics Count() => LogTally.Sum(_logs.Values.Select(l => l.Tally));

    public static int IndexAtOrAfter(SortedList<long, Entry> list, long key)
    {
        int low = 0, high = list.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = list.GetKeyAtIndex(middle) < key ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>What lies below its floor.</summary>
    private void Forget(MemoryLog log)
    {
        foreach (var (entry, position) in log.Trim())
        {
            _byId.Remove(entry.Id);
            if (position is { } at)
            {
                _delivered.Remove(at);
                _late.Remove(at);
            }
        }
    }

    private void Erase(Erasure erasure)
    {
        if (_logs.GetValueOrDefault(erasure.Dot.Log)?.Erase(erasure) is var (entry, position))
        {
            _byId[entry.Id] = entry;
            if (position is { } at)
            {
                _delivered[at] = entry;
            }
        }
    }

    /// <summary>Throws what a commit of it would throw, and changes nothing.</summary>
    public void Check(Batch batch)
    {
        CommitRules.Check(batch, _position);
        foreach (var record in batch.Logs)
        {
            CommitRules.CheckClosure(
                record, _logs.GetValueOrDefault(record.Log)?.Record.ClosedAt);
        }

        foreach (var dot in batch.Entries.Select(e => e.Dot))
        {
            Invariant.Holds(
                _logs.GetValueOrDefault(dot.Log)?.Holds(dot.Seq) != true,
                $"{dot} is already stored.");
        }

        foreach (var key in batch.Keys.Select(k => k.Key))
        {
            Invariant.Holds(Find(key) is null, $"key {key} is already used.");
        }

        var arriving = batch.Entries.Select(e => e.Dot).ToHashSet();
        foreach (var dot in batch.Placements.Select(p => p.Dot))
        {
            var log = _logs.GetValueOrDefault(dot.Log);
            Invariant.Holds(
                arriving.Remove(dot) || (log?.Holds(dot.Seq) == true && !log.IsPlaced(dot.Seq)),
                $"{dot} is placed but not stored, or placed twice.");
        }
    }

    private MemoryLog LogOf(LogId log) =>
        _logs.TryGetValue(log, out var held) ? held : _logs[log] = new(log);
}
