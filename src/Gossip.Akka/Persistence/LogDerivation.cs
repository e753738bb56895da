using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// What do the entries themselves say about a log? Its head and how far it is delivered, once
/// these entries and placements are added. Asked before a commit is journaled and again when it
/// is replayed, so that possession is never written down beside what is possessed.
/// </summary>
internal sealed class LogDerivation(
    MemoryTopic<Slot> topic, ImmutableArray<Entry> entries, ImmutableArray<Placement> placements)
{
    private readonly Dictionary<Dot, EntryId> _arriving = Index(entries);
    private readonly HashSet<Dot> _placed = [.. placements.Select(p => p.Dot)];

    /// <param name="known">Floor, lost slots, closure, policy end; the rest is filled in.</param>
    public LogRecord Complete(LogRecord known)
    {
        var log = topic.Log(known.Log);
        var end = known.ClosedAt ?? long.MaxValue;
        var before = log?.Record is { } old && old.Floor <= known.Floor ? old.Head : 0;
        var head = Math.Max(Math.Min(before, end - 1), known.Floor - 1);
        for (var next = head + 1;
            next < end && (known.Lost.Contains(next) || Holds(log, new(known.Log, next)));
            next = head + 1)
        {
            head = Math.Max(next, known.Lost.NextOutside(next) - 1);
        }

        var delivered = Math.Min(log?.Record.Delivered ?? 0, end - 1);
        for (var next = Next(); next <= head && IsPlaced(log, new(known.Log, next)); next = Next())
        {
            delivered = next;
        }

        return known with
        {
            Head = head,
            HeadId = IdAt(log, new(known.Log, head)),
            Delivered = delivered,
            DeliveredId = IdAt(log, new(known.Log, delivered)),
        };

        long Next() => known.Lost.NextOutside(Math.Max(delivered, known.Floor - 1) + 1);
    }

    /// <summary>A dot that stands twice is for <see cref="CommitRules"/> to refuse.</summary>
    private static Dictionary<Dot, EntryId> Index(ImmutableArray<Entry> entries)
    {
        var index = new Dictionary<Dot, EntryId>(entries.Length);
        foreach (var entry in entries)
        {
            index[entry.Dot] = entry.Id;
        }

        return index;
    }

    private bool Holds(MemoryLog<Slot>? log, Dot dot) =>
        _arriving.ContainsKey(dot) || log?.Holds(dot.Seq) == true;

    private bool IsPlaced(MemoryLog<Slot>? log, Dot dot) =>
        _placed.Contains(dot) || log?.IsPlaced(dot.Seq) == true;

    private EntryId IdAt(MemoryLog<Slot>? log, Dot dot) =>
        _arriving.TryGetValue(dot, out var id) ? id
        : log?.Holds(dot.Seq) == true ? log[dot.Seq].Id
        : EntryId.None;
}
