using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// What must be in memory of one topic? Everything but the entries' bytes, which may lie elsewhere:
/// <typeparamref name="T"/> says where.
/// </summary>
internal sealed class MemoryTopic<T>(TopicId id, TopicName name, long generation = 0)
    where T : IHeld<T>
{
    private readonly SortedDictionary<LogId, MemoryLog<T>> _logs = [];
    private readonly SortedList<long, T> _delivered = [];
    private readonly Dictionary<EntryId, T> _byId = [];
    private readonly Dictionary<PublishKey, Publication> _byKey = [];
    private readonly List<Entry> _policies = [];
    private readonly List<Erasure> _erasures = [];
    private readonly HashSet<long> _late = [];
    private ulong? _ownIncarnation;
    private long _position;

    /// <summary>Commits of lower ones are refused.</summary>
    public long Generation { get; private set; } = generation;

    /// <summary>Logs that closed before entries which were already delivered.</summary>
    public long TakenBack { get; private set; }

    public MemoryReaders Readers { get; init; } = new();

    public void Advance(long newest)
    {
        if (newest < Generation)
        {
            throw CommitRules.Superseded(name, newest, Generation);
        }

        Generation = newest;
    }

    /// <summary>Null for a publish that is disputed now: it never counted.</summary>
    public Publication? Find(PublishKey key) =>
        _byKey.TryGetValue(key, out var publication)
        && !_logs[publication.Dot.Log].IsDisputed(publication.Dot.Seq)
            ? publication
            : null;

    public MemoryLog<T>? Log(LogId log) => _logs.GetValueOrDefault(log);

    public bool TryFind(EntryId entry, [MaybeNullWhen(false)] out T held) =>
        _byId.TryGetValue(entry, out held);

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
    /// <param name="batch">What is committed.</param>
    /// <param name="hold">Of an entry and its place in the batch: what is held of it?</param>
    /// <returns>
    /// The entries that it forgot, or whose payloads it took back, as they stood before.
    /// </returns>
    public IReadOnlyList<T> Commit(Batch batch, Func<Entry, int, T> hold)
    {
        Check(batch);
        var trimmed = Trim(batch.Logs);
        foreach (var record in batch.Logs)
        {
            var voided = LogOf(record.Log).Replace(record).ToArray();
            TakenBack += voided.Length > 0 ? 1 : 0;
            foreach (var position in voided)
            {
                _delivered.Remove(position);
            }
        }

        for (var i = 0; i < batch.Entries.Length; i++)
        {
            var held = hold(batch.Entries[i], i);
            LogOf(batch.Entries[i].Header.Log).Add(held, batch.Arrived);
            _byId[held.Id] = held;
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

        foreach (var (key, publication) in batch.Keys)
        {
            _byKey[key] = publication;
        }

        _policies.AddRange(batch.Policies.Except(_policies));
        _erasures.AddRange(batch.Erasures.Except(_erasures));
        _ownIncarnation = batch.OwnIncarnation ?? _ownIncarnation;
        return [.. Erase(batch.Erased), .. trimmed];
    }

    public IEnumerable<T> Read(LogId log, SeqRange slots) =>
        _logs.TryGetValue(log, out var held)
            ? held.From(slots.First).TakeWhile(e => e.Seq <= slots.Last)
            : [];

    public IEnumerable<(long Position, T Held, bool IsLate)> ReadDelivered(long after)
    {
        for (var i = IndexAtOrAfter(_delivered, after + 1); i < _delivered.Count; i++)
        {
            var position = _delivered.GetKeyAtIndex(i);
            yield return (position, _delivered.GetValueAtIndex(i), _late.Contains(position));
        }
    }

    public IEnumerable<Segment> Survey() => _logs.Values.SelectMany(l => l.Segments);

    public StoreStatistics Count() => LogTally.Sum(_logs.Values.Select(l => l.Tally));

    public static int IndexAtOrAfter(SortedList<long, T> list, long key)
    {
        int low = 0, high = list.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = list.GetKeyAtIndex(middle) < key ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Forgets what lies below floors that rise with these records.</summary>
    private List<T> Trim(IEnumerable<LogRecord> records)
    {
        var gone = records
            .Where(r => _logs.TryGetValue(r.Log, out var log) && r.FloorMax > log.Record.FloorMax)
            .SelectMany(r => _logs[r.Log].Trim(r.FloorMax))
            .ToList();
        var positions = gone.Select(g => g.Position).OfType<long>().ToHashSet();
        foreach (var (entry, _) in gone)
        {
            _byId.Remove(entry.Id);
        }

        if (positions.Count > 0)
        {
            // One by one, each would move all that come after it.
            var kept = _delivered.Where(d => !positions.Contains(d.Key)).ToList();
            _delivered.Clear();
            kept.ForEach(d => _delivered.Add(d.Key, d.Value));
            _late.ExceptWith(positions);
        }

        return [.. gone.Select(g => g.Entry)];
    }

    private List<T> Erase(ImmutableArray<Erasure> erasures)
    {
        List<T> taken = [];
        foreach (var erasure in erasures)
        {
            if (_logs.GetValueOrDefault(erasure.Dot.Log)?.Erase(erasure)
                is not var (before, now, position))
            {
                continue;
            }

            _byId[now.Id] = now;
            if (position is { } at)
            {
                _delivered[at] = now;
            }

            if (before.Erasure is null)
            {
                taken.Add(before);
            }
        }

        return taken;
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

    private MemoryLog<T> LogOf(LogId log) =>
        _logs.TryGetValue(log, out var held) ? held : _logs[log] = new(log);
}
