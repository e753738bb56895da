using Akka.Persistence;

namespace Gossip.Akka.Persistence;

/// <summary>
/// What is so, of things that replace one another? A persistent table by key: one event per
/// change, and a summary of all that is left after so many, so that neither recovery nor the
/// journal grows with the number of changes.
/// </summary>
/// <remarks>
/// A summary lies in the journal, as an event that replaces what came before it, and as a snapshot.
/// The snapshot spares a recovery from reading further back; the journal suffices without it.
/// Closing waits for both: a file that changes afterwards would be taken for another's.
/// </remarks>
internal sealed class FactTable : JournalActor
{
    private readonly SortedDictionary<string, Proto.Fact> _facts = new(StringComparer.Ordinal);
    private readonly int _summaryEvery;

    /// <summary>Told at the end of recovery what is so.</summary>
    private readonly Action<IEnumerable<Proto.Fact>> _restore;

    private UpkeepCall? _upkeep;
    private int _changes;
    private long _summary;

    public FactTable(
        string id, string place, int summaryEvery, Line line,
        Action<IEnumerable<Proto.Fact>> restore)
        : base(id, place, line)
    {
        (_summaryEvery, _restore) = (summaryEvery, restore);
        Recover<Proto.Facts>(Apply);
        Recover<SnapshotOffer>(offer => Apply((Proto.Facts)offer.Snapshot));
        Recover<RecoveryCompleted>(_ => Begin());
        Command<FactCall>(Put);
        Command<SaveSnapshotSuccess>(_ => DeleteMessages(_summary - 1));

        // One after the other, so that the last answer ends it. What could not be cut lies there
        // until the next summary is.
        Command<DeleteMessagesSuccess>(_ => CutSnapshots());
        Command<DeleteMessagesFailure>(_ => CutSnapshots());
        Command<DeleteSnapshotsSuccess>(_ => EndUpkeep());
        Command<DeleteSnapshotsFailure>(_ => EndUpkeep());
        Command<SaveSnapshotFailure>(_ => EndUpkeep());
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        if (@event is Proto.Facts { ReplacesAll: true })
        {
            EndUpkeep();
        }
    }

    private void Begin()
    {
        _restore(_facts.Values);
        Line.Recovered(Self);
        Summarize();
    }

    private void Put(FactCall call) => Write(
        call,
        new Proto.Facts { Facts_ = { call.Fact } },
        written =>
        {
            Apply(written);
            call.Apply();
            Summarize();
        });

    private void Summarize()
    {
        if (_changes >= _summaryEvery && _upkeep is null)
        {
            _upkeep = new();
            Line.Begin(_upkeep);
            Persist(
                new Proto.Facts { ReplacesAll = true, Facts_ = { _facts.Values } },
                summary =>
                {
                    Apply(summary);
                    _summary = LastSequenceNr;
                    SaveSnapshot(summary);
                });
        }
    }

    private void CutSnapshots() =>
        DeleteSnapshots(new SnapshotSelectionCriteria(_summary - 1));

    private void EndUpkeep()
    {
        if (_upkeep is { } ended)
        {
            _upkeep = null;
            Line.Answer(ended, true);
            Summarize();
        }
    }

    private void Apply(Proto.Facts facts)
    {
        _changes++;
        if (facts.ReplacesAll)
        {
            _facts.Clear();
            _changes = 0;
        }

        foreach (var fact in facts.Facts_)
        {
            if (fact.FactCase == Proto.Fact.FactOneofCase.None)
            {
                _facts.Remove(fact.Key);
            }
            else
            {
                _facts[fact.Key] = fact;
            }
        }
    }
}
