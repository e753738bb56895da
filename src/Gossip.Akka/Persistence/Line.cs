using Akka.Actor;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// How does a caller reach one persistent actor, also when it ends? Akka stops an actor whose
/// journal failed and drops what waits for it; the line fails those calls, and opening it again
/// makes a new actor, which recovers and so finds out what the journal really holds.
/// </summary>
internal sealed class Line(Func<Line, Props> propsOf, Action<Props> hatch, string place)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Call> _waiting = [];
    private TaskCompletionSource? _recovered;
    private IActorRef? _actor;
    private StoreException? _fault;

    /// <summary>Why nothing can be written; null when all is well.</summary>
    public string? Fault => Volatile.Read(ref _fault)?.Message;

    /// <summary>Ends once its actor has recovered; at once when it is there.</summary>
    public Task OpenAsync()
    {
        lock (_gate)
        {
            if (_recovered is null || _recovered.Task.IsFaulted)
            {
                _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
                try
                {
                    hatch(propsOf(this));
                }
                catch (StoreException e)
                {
                    _fault = e;
                    _recovered.SetException(e);
                }
            }

            return _recovered.Task;
        }
    }

    /// <summary>In the order of the calls.</summary>
    public Task<T> Send<T>(Call<T> call)
    {
        lock (_gate)
        {
            if (_actor is null)
            {
                call.Fail(_fault ?? JournalErrors.Closed(place));
            }
            else
            {
                _waiting.Add(call);
                _actor.Tell(call);
            }
        }

        return call.Task;
    }

    /// <summary>Whoever waits now has an answer when it ends; it does not fail.</summary>
    public async Task DrainAsync()
    {
        await WaitAsync().ConfigureAwait(false);

        // For the upkeep that they were the reason for.
        await WaitAsync().ConfigureAwait(false);
    }

    /// <summary>By its actor: closing waits until this is answered.</summary>
    public void Begin(Call call)
    {
        lock (_gate)
        {
            _waiting.Add(call);
        }
    }

    /// <summary>By its actor: the journal was read to its end.</summary>
    public void Recovered(IActorRef actor)
    {
        lock (_gate)
        {
            (_actor, _fault) = (actor, null);
        }

        _recovered!.TrySetResult();
    }

    /// <summary>By its actor.</summary>
    public void Answer<T>(Call<T> call, T value)
    {
        Forget(call);
        call.Answer(value);
    }

    /// <summary>By its actor, which goes on: this call alone came to nothing.</summary>
    public void Refuse(Call call, Exception why)
    {
        Forget(call);
        call.Fail(why);
    }

    /// <summary>By its actor, which has ended; null when it was merely stopped.</summary>
    public void Break(Exception? cause)
    {
        Call[] waiting;
        StoreException fault;
        lock (_gate)
        {
            fault = cause is null ? JournalErrors.Closed(place) : JournalErrors.Of(cause, place);
            waiting = [.. _waiting];
            _waiting.Clear();
            (_actor, _fault) = (null, fault);
            _recovered ??= new();
            if (!_recovered.TrySetException(fault))
            {
                _recovered = null;
            }

            // Whoever opens reads it; nobody needs to.
            _ = _recovered?.Task.Exception;
        }

        foreach (var call in waiting)
        {
            call.Fail(call.IsWriting ? JournalErrors.OutcomeUnknown(fault, place) : fault);
        }
    }

    private async Task WaitAsync()
    {
        Task[] waiting;
        lock (_gate)
        {
            waiting = [.. _waiting.Select(call => call.Ended)];
        }

        await Task.WhenAll(waiting)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Forget(Call call)
    {
        lock (_gate)
        {
            _waiting.Remove(call);
        }
    }
}
