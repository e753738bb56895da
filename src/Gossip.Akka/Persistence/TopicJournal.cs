using Akka.Persistence;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// In which order were one topic's commits made durable? One event per commit: checked against
/// what is held, persisted, then held, then answered, so nobody reads what a crash could undo.
/// </summary>
/// <remarks>
/// It takes no snapshots. They would hold every entry again, so each would cost as much as the
/// topic is large, while reading entries from one blob is hardly faster than from their rows: it
/// is hashing and decoding their headers that takes the time. Recovery reads each entry once.
/// </remarks>
internal sealed class TopicJournal : ReceivePersistentActor
{
    private readonly HeldTopic _held;
    private readonly MemoryStore _memory;
    private readonly ErasedRows _erased;
    private readonly MemoryTopic _topic;
    private readonly PayloadRows _rows = new();
    private readonly Line _line;
    private readonly long _movedAt;
    private CommitCall? _writing;
    private Exception? _cause;

    public TopicJournal(HeldTopic held, Line line, MemoryStore memory, JournalPlace place)
    {
        (_held, _line, _memory, _erased) = (held, line, memory, new(place));
        PersistenceId = $"topic-{held.Topic.Id}";
        _movedAt = place.MovedAt(PersistenceId);
        _topic = held.Renew();
        Recover<Proto.Commit>(Replay);
        Recover<RecoveryCompleted>(_ => Begin());
        Command<CommitCall>(Commit);
        Command<LoadCall>(Load);
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery { get; } = new(SnapshotSelectionCriteria.None);

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _cause = cause;
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _cause = reason;
        base.OnRecoveryFailure(reason, message);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        _line.Refuse(_writing!, JournalErrors.Of(cause, _held.Place));
    }

    protected override void PostStop()
    {
        base.PostStop();
        _line.Break(_cause);
    }

    private void Replay(Proto.Commit stored)
    {
        var batch = CommitFormat.Decode(stored, _held.Topic.Id, _topic);
        _topic.Commit(LastSequenceNr <= _movedAt ? batch with { OwnIncarnation = null } : batch);
        _rows.Add(batch, LastSequenceNr);
    }

    private void Begin()
    {
        EraseRows();
        _held.Take(_topic, _memory);
        _line.Recovered(Self);
    }

    private void Commit(CommitCall call)
    {
        var batch = Detached(call.Batch);
        Proto.Commit stored;
        try
        {
            stored = _memory.Locked(() =>
            {
                MemoryStore.Advance(_topic, batch.Topic, call.Generation);
                _topic.Check(batch);
                return CommitFormat.Encode(batch, _topic);
            });
        }
        catch (Exception e) when (e is InvariantException or StoreException)
        {
            _line.Refuse(call, e);
            return;
        }

        (_writing, call.IsWriting) = (call, true);
        Persist(stored, _ =>
        {
            _memory.Locked(() =>
            {
                _topic.Commit(batch);
                return true;
            });
            _rows.Add(batch, LastSequenceNr);
            EraseRows();
            _line.Answer(call, true);
        });
    }

    private void Load(LoadCall call)
    {
        try
        {
            _line.Answer(call, _memory.Locked(() =>
            {
                MemoryStore.Advance(_topic, _held.Topic.Name, call.Generation);
                return _topic.Load();
            }));
        }
        catch (StoreException e)
        {
            _line.Refuse(call, e);
        }
    }

    /// <summary>
    /// Idempotent, and done again at recovery: a crash before it leaves the bytes, and the event
    /// that erases them. A failure ends the actor, so that the next one does it.
    /// </summary>
    private void EraseRows()
    {
        if (_rows.TakeErased() is { Count: > 0 } numbers)
        {
            try
            {
                _erased.Rewrite(PersistenceId, numbers, _topic.Find);
            }
            catch (Exception e)
            {
                _cause = e;
                throw;
            }
        }
    }

    /// <summary>An entry that came in a frame must not keep the whole frame alive.</summary>
    private static Batch Detached(Batch batch) => batch with
    {
        Entries =
        [
            .. batch.Entries.Select(
                e => new Entry(e.SignedHeader.Detached(), e.PayloadList.ToArray())),
        ],
    };
}
