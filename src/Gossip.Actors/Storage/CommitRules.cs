using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// Is this batch one that a correct machine can send? Every store asks before it writes.
/// </summary>
internal static class CommitRules
{
    public static void Check(Batch batch, long lastPosition)
    {
        var dots = new HashSet<Dot>();
        foreach (var entry in batch.Entries)
        {
            Invariant.Holds(
                entry.SignedHeader.Topic == batch.Topic, $"{entry.Dot} is of another topic.");
            Invariant.Holds(dots.Add(entry.Dot), $"{entry.Dot} stands twice in one batch.");
        }

        var logs = new HashSet<LogId>();
        foreach (var record in batch.Logs)
        {
            Invariant.Holds(logs.Add(record.Log), $"{record.Log} stands twice in one batch.");
        }

        var placed = new HashSet<Dot>();
        var position = lastPosition;
        foreach (var placement in batch.Placements)
        {
            Invariant.Holds(
                placement.Position > position,
                $"{placement.Dot} is placed at {placement.Position}, not after {position}.");
            Invariant.Holds(placed.Add(placement.Dot), $"{placement.Dot} is placed twice.");
            position = placement.Position;
        }
    }

    /// <summary>Closures of a log merge by minimum and never lift.</summary>
    public static void CheckClosure(LogRecord record, long? closedAt) =>
        Invariant.Holds(
            closedAt is null || record.ClosedAt <= closedAt,
            $"The closure of {record.Log} moves from {closedAt} to {record.ClosedAt}.");

    public static InvariantException TopicUnknown(object topic) =>
        new($"Topic {topic} is used before it was joined.");

    public static StoreException Named(TopicRef topic) =>
        new(StoreFault.Named,
            $"Another topic is called '{topic.Name}' here: take another label for this one.");

    public static StoreException Superseded(object topic, long generation, long newest) =>
        new(StoreFault.Superseded,
            $"Topic {topic}: generation {generation} was replaced by {newest}; "
            + "nothing was written.");
}
