using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// What of a log's record must be journaled? Only what no entry says: the floor, what is lost, the
/// policy's end and the proof of a closure. A head that its entries do not make is a bug of the
/// caller.
/// </summary>
internal static class LogChanges
{
    public static Proto.LogChange Encode(
        LogRecord record, MemoryTopic<Slot> before, LogDerivation derivation, uint log)
    {
        var derived = derivation.Complete(record);
        Invariant.Holds(
            (derived.Head, derived.HeadId) == (record.Head, record.HeadId),
            $"The head of {record.Log} is said to be #{record.Head}; it is #{derived.Head}.");
        var change = new Proto.LogChange
        {
            Log = log,
            Floor = record.Floor == 1 ? 0 : (ulong)record.Floor,
            FloorMax = record.FloorMax == record.Floor ? 0 : (ulong)record.FloorMax,
            PolicyEnd = record.PolicyEnd == long.MaxValue ? 0 : (ulong)record.PolicyEnd,
            Lost =
            {
                record.Lost.Select(r => new Proto.Slots
                {
                    First = (ulong)r.First,
                    Last = (ulong)r.Last,
                }),
            },
        };
        var closure = before.Log(record.Log)?.Record.Closure;
        Invariant.Holds(
            closure is null || record.Closure is not null, $"{record.Log} lost its closure.");
        if (record.Closure is { } closed && closed != closure)
        {
            change.Proof = EntryBytes.Encode(closed.Proof);
        }

        // A machine delivers what it places; whoever says otherwise is taken at its word.
        if ((derived.Delivered, derived.DeliveredId) != (record.Delivered, record.DeliveredId))
        {
            change.Delivered = new()
            {
                Seq = (ulong)record.Delivered,
                Id = EntryFormat.ToBytes(record.DeliveredId.Hash),
            };
        }

        return change;
    }

    public static LogRecord Decode(
        Proto.LogChange change, LogId log, MemoryTopic<Slot> before, LogDerivation derivation)
    {
        var record = derivation.Complete(new()
        {
            Log = log,
            Floor = Math.Max(1, (long)change.Floor),
            FloorMax = Math.Max(1, (long)(change.FloorMax == 0 ? change.Floor : change.FloorMax)),
            Lost = IntervalSet.Of(
                change.Lost.Select(s => new SeqRange((long)s.First, (long)s.Last))),
            PolicyEnd = change.PolicyEnd == 0 ? long.MaxValue : (long)change.PolicyEnd,
            Closure = change.Proof is null
                ? before.Log(log)?.Record.Closure
                : ClosureOf(EntryBytes.Decode(change.Proof)),
        });
        return change.Delivered is null ? record : record with
        {
            Delivered = (long)change.Delivered.Seq,
            DeliveredId = new(Hash.Read(change.Delivered.Id.Span)),
        };
    }

    private static Closure ClosureOf(ForkProof proof) => proof.Slot is { } slot
        ? new(slot, proof)
        : throw new FormatException("A journaled proof proves nothing.");
}
