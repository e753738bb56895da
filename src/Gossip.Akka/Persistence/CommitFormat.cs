using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// How is a batch spelled as one event? Read back, it is the batch that was committed, provided
/// that the topic is as it was: what the entries say of their logs is derived from both.
/// </summary>
internal static class CommitFormat
{
    public static Proto.Commit Encode(Batch batch, MemoryTopic<Slot> before)
    {
        var logs = new Dictionary<LogId, int>();
        var stored = new Proto.Commit
        {
            Arrived = batch.Arrived,
            Entries = { batch.Entries.Select(EntryBytes.Encode) },
            Erasures = { batch.Erasures.Select(EntryBytes.Encode) },
            Erased = { batch.Erased.Select(EntryBytes.Encode) },
            Policies = { batch.Policies.Select(p => Encode(p, batch.Entries)) },
        };
        stored.Placements.AddRange(batch.Placements.Select(p => new Proto.Placement
        {
            Log = Number(p.Dot.Log),
            Seq = (ulong)p.Dot.Seq,
            Position = (ulong)p.Position,
            Late = p.IsLate,
        }));
        stored.Keys.AddRange(batch.Keys.Select(k => Encode(k, Number(k.Publication.Dot.Log))));
        var derivation = new LogDerivation(before, batch.Entries, batch.Placements);
        stored.Changes.AddRange(batch.Logs.Select(
            r => LogChanges.Encode(r, before, derivation, Number(r.Log))));
        stored.Logs.AddRange(logs.OrderBy(l => l.Value).Select(l => EntryFormat.Encode(l.Key)));
        if (batch.OwnIncarnation is { } own)
        {
            stored.OwnIncarnation = own;
        }

        return stored;

        uint Number(LogId log)
        {
            logs.TryAdd(log, logs.Count);
            return (uint)logs[log];
        }
    }

    /// <exception cref="FormatException">It is no such event, or it was damaged.</exception>
    public static Batch Decode(Proto.Commit stored, TopicId topic, MemoryTopic<Slot> before)
    {
        ImmutableArray<LogId> logs = [.. stored.Logs.Select(EntryBytes.Decode)];
        ImmutableArray<Entry> entries = [.. stored.Entries.Select(EntryBytes.Decode)];
        ImmutableArray<Placement> placements =
        [
            .. stored.Placements.Select(p => new Placement(
                new(logs[(int)p.Log], (long)p.Seq), (long)p.Position) { IsLate = p.Late }),
        ];
        var derivation = new LogDerivation(before, entries, placements);
        return new()
        {
            Topic = topic,
            Number = 0,
            Arrived = stored.Arrived,
            Entries = entries,
            Placements = placements,
            Logs =
            [
                .. stored.Changes.Select(
                    c => LogChanges.Decode(c, logs[(int)c.Log], before, derivation)),
            ],
            Keys = [.. stored.Keys.Select(k => Decode(k, logs[(int)k.Log]))],
            Policies =
            [
                .. stored.Policies.Select(p => p.Held > 0
                    ? entries[(int)p.Held - 1]
                    : EntryBytes.Decode(p.Entry)),
            ],
            Erasures = [.. stored.Erasures.Select(EntryBytes.Decode)],
            Erased = [.. stored.Erased.Select(EntryBytes.Decode)],
            OwnIncarnation = stored.HasOwnIncarnation ? stored.OwnIncarnation : null,
        };
    }

    /// <summary>Most policies come as entries of the same batch: once is enough.</summary>
    private static Proto.Policy Encode(Entry policy, ImmutableArray<Entry> entries) =>
        entries.IndexOf(policy) is >= 0 and var index
            ? new() { Held = (uint)index + 1 }
            : new() { Entry = EntryBytes.Encode(policy) };

    private static Proto.Key Encode(KeyRecord record, uint log) => new()
    {
        Key_ = record.Key.Value,
        Log = log,
        Seq = (ulong)record.Publication.Dot.Seq,
        First = (uint)record.Publication.First,
        Count = (uint)record.Publication.Count,
        Entry = EntryFormat.ToBytes(record.Publication.Entry.Hash),
        Position = (ulong)record.Publication.Position,
    };

    private static KeyRecord Decode(Proto.Key key, LogId log) => new(
        new(key.Key_),
        new(
            new(Hash.Read(key.Entry.Span)),
            new(log, (long)key.Seq),
            (int)key.First,
            (int)key.Count,
            (long)key.Position));
}
