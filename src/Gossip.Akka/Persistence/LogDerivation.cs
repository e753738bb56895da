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
    MemoryTopic before, ImmutableArray<Entry> entries, ImmutableArray<Placement> placements)
{
    private readonly Dictionary<Dot, EntryId> _arriving = Index(entries);
    private readonly HashSet<Dot> _placed = [.. placements.Select(p => p.Dot)];

    /// <param name="known">Floor, closure and policy end; the rest is filled in.</param>
    public LogRecord Complete(LogRecord known)
    {
        var log = before.Log(known.Log);
        var end = known.ClosedAt ?? long.MaxValue;
        var head = Math.Max(Math.Min(log?.Record.Head ?? 0, end - 1), known.Floor - 1);
        while (head + 1 < end && Holds(log, new(known.Log, head + 1)))
        {
            head++;
        }

        var delivered = Math.Min(log?.Record.Delivered ?? 0, end - 1);
        while (delivered < head && IsPlaced(log, new(known.Log, delivered + 1)))
        {
            delivered++;
        }

        return known with
        {
            Head = head,
            HeadId = IdAt(log, new(known.Log, head)),
            Delivered = delivered,
            DeliveredId = IdAt(log, new(known.Log, delivered)),
        };
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

    private bool Holds(MemoryLog? log, Dot dot) =>
        _arriving.ContainsKey(dot) || log?.Holds(dot.Seq) == true;

    private bool IsPlaced(MemoryLog? log, Dot dot) =>
        _placed.Contains(dot) || log?.IsPlaced(dot.Seq) == true;

    private EntryId IdAt(MemoryLog? log, Dot dot) =>
        _arriving.TryGetValue(dot, out var id) ? id
        : log?.Holds(dot.Seq) == true ? log[dot.Seq].Id
        : EntryId.None;
}
