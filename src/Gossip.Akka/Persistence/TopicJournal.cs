using Akka.Persistence;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// In which order were one topic's commits made durable? One event per commit: checked against
/// what is held, persisted, then held, then answered, so nobody reads what a crash could undo.
/// </summary>
/// <remarks>
/// Of an entry that is held, a <see cref="Slot"/> stays in memory: which event holds its bytes.
/// It takes no snapshots. They would hold every entry again, so each would cost as much as the
/// topic is large, while reading entries from one blob is hardly faster than from their rows: it
/// is hashing and decoding their headers that takes the time. Recovery reads each entry once.
/// </remarks>
internal sealed class TopicJournal : JournalActor
{
    private readonly HeldTopic _held;
    private readonly EventRows _rows;
    private readonly RecentEvents _recent;
    private readonly MemoryTopic<Slot> _topic;

    /// <summary>Events that hold payloads which were erased, or forgotten, since.</summary>
    private readonly SortedSet<long> _erased = [];

    private readonly long _movedAt;

    public TopicJournal(HeldTopic held, Line line, RecentEvents recent, JournalPlace place)
        : base(held.Journal, place.Name, line)
    {
        (_held, _recent, _rows) = (held, recent, new(place));
        _movedAt = place.MovedAt(PersistenceId);
        _topic = held.Renew();
        Recover<Proto.Commit>(Replay);
        Recover<RecoveryCompleted>(_ => Begin());
        Command<CommitCall>(Commit);
        Command<LoadCall>(Load);
    }

    public override Recovery Recovery { get; } = new(SnapshotSelectionCriteria.None);

    private void Replay(Proto.Commit stored)
    {
        var batch = CommitFormat.Decode(stored, _held.Topic.Id, _topic);
        Hold(LastSequenceNr <= _movedAt ? batch with { OwnIncarnation = null } : batch);
    }

    private void Begin()
    {
        EraseRows();
        _held.Take(_topic);
        Line.Recovered(Self);
    }

    private void Commit(CommitCall call)
    {
        var batch = Detached(call.Batch);
        Proto.Commit stored;
        try
        {
            stored = _held.Locked(topic =>
            {
                topic.Advance(call.Generation);
                topic.Check(batch);
                return CommitFormat.Encode(batch, topic);
            });
        }
        catch (Exception e) when (e is InvariantException or StoreException)
        {
            Line.Refuse(call, e);
            return;
        }

        Write(call, stored, _ =>
        {
            _recent.Keep(PersistenceId, LastSequenceNr, batch.Entries, _recent.Erasures);
            Hold(batch);
            EraseRows();
        });
    }

    private void Load(LoadCall call)
    {
        try
        {
            Line.Answer(call, _held.Locked(topic =>
            {
                topic.Advance(call.Generation);
                return topic.Load();
            }));
        }
        catch (StoreException e)
        {
            Line.Refuse(call, e);
        }
    }

    private void Hold(Batch batch)
    {
        var number = LastSequenceNr;
        var gone = _held.Locked(
            _ => _topic.Commit(batch, (entry, index) => new(entry, number, index)));
        _erased.UnionWith(gone.Where(s => s.HasPayloads).Select(s => s.Event));
    }

    /// <summary>
    /// Idempotent, and done again at recovery: a crash before it leaves the bytes, and the event
    /// that erases them. A failure ends the actor, so that the next one does it.
    /// </summary>
    private void EraseRows()
    {
        if (_erased.Count == 0)
        {
            return;
        }

        try
        {
            foreach (var number in _erased)
            {
                _recent.Forget(PersistenceId, number);
            }

            _rows.Erase(
                PersistenceId,
                _erased,
                InsteadOf);
            _erased.Clear();
        }
        catch (Exception e)
        {
            Cause = e;
            throw;
        }
    }

    /// <summary>What stands where an entry's payloads stood; null while they stand there.
    /// </summary>
    private ReadOnlyMemory<byte>? InsteadOf(EntryId entry)
    {
        if (!_topic.TryFind(entry, out var slot))
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        return slot.Erasure is { } erasure ? new(erasure.ToForm()) : null;
    }

    /// <summary>An entry that came in a frame must not keep the whole frame alive.</summary>
    private static Batch Detached(Batch batch) => batch with
    {
        Entries = [.. batch.Entries.Select(Detached)],
        Policies = [.. batch.Policies.Select(Detached)],
    };

    private static Entry Detached(Entry entry) =>
        new(entry.SignedHeader.Detached(), entry.PayloadList.ToArray());
}
