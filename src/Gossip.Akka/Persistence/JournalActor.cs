using Akka.Persistence;

namespace Gossip.Akka.Persistence;

/// <summary>
/// What do those who wait hear when the journal fails? An actor that could not write or recover is
/// stopped by Akka: its line tells everybody why. One whose event was rejected goes on: only that
/// call came to nothing.
/// </summary>
internal abstract class JournalActor(string id, string place, Line line) : ReceivePersistentActor
{
    private Call? _writing;

    public sealed override string PersistenceId => id;

    protected Line Line => line;

    /// <summary>Why it ends; null when it is merely stopped.</summary>
    protected Exception? Cause { get; set; }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Cause = cause;
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        Cause = reason;
        base.OnRecoveryFailure(reason, message);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        if (_writing is { } call)
        {
            line.Refuse(call, JournalErrors.Of(cause, place));
        }
    }

    protected override void PostStop()
    {
        base.PostStop();
        line.Break(Cause);
    }

    /// <summary>Journals it; once that is done, lets it be so, and answers.</summary>
    protected void Write<T>(Call<bool> call, T written, Action<T> apply)
    {
        (_writing, call.IsWriting) = (call, true);
        Persist(written, durable =>
        {
            apply(durable);
            line.Answer(call, true);
            _writing = null;
        });
    }
}
