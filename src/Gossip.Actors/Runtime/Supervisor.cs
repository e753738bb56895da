using System.Collections.Concurrent;
using System.Threading.Channels;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Who lives? Owns the node's actors, tells them signals by the routing table, and restarts one
/// that failed: with backoff, as a new generation that knows only what the store holds, while its
/// siblings state their facts again. A session is not restarted: its link ends. How actors run is
/// a runtime's business, which derives from it.
/// </summary>
internal abstract class Supervisor(StatusBoard board, SupervisorHooks hooks) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The runtime, for people: embedded, or akka.</summary>
    public abstract string Runtime { get; }

    public CancellationToken Stopping => _stop.Token;

    /// <summary>Why machines that should run do not, for people.</summary>
    public IEnumerable<string> Faults =>
        Places.Values.Select(place => place.Fault).OfType<string>();

    /// <summary>Signals that wait for the actor for which most do.</summary>
    public (MachineId? Who, int Signals) Busiest
    {
        get
        {
            var all = Places.Values.Select(p => (p.Id, p.Actor?.Mailbox.Waiting ?? 0));
            return all.DefaultIfEmpty().MaxBy(p => p.Item2);
        }
    }

    /// <summary>
    /// Facts that overtook older ones in full mailboxes, of the actors that live.
    /// </summary>
    public long FactsReplaced => Places.Values.Sum(p => p.Actor?.Mailbox.Replaced ?? 0);

    protected ConcurrentDictionary<MachineId, Place> Places { get; } = new();

    protected SupervisorHooks Hooks => hooks;

    /// <summary>
    /// Completes when the first generation runs, or with what kept it from running.
    /// </summary>
    /// <param name="id">Whose place it is; nobody else may have it.</param>
    /// <param name="create">
    /// Makes the machine of a generation, told what ended the one before.
    /// </param>
    public Task SpawnAsync(MachineId id, Func<long, Exception?, Task<IMachine>> create)
    {
        var place = new Place(id, create);
        if (!Places.TryAdd(id, place))
        {
            throw new InvariantException($"{id} was spawned twice");
        }

        Fill(place);
        return place.Born.Task;
    }

    /// <summary>
    /// One link's session: it ends with its link, and a fault in it ends the link.
    /// </summary>
    public abstract Actor SpawnSession(MachineId.Session id, IMachine machine);

    /// <summary>
    /// Tells a session its last signal, and waits until it has acted on all it was told.
    /// </summary>
    public abstract Task EndSessionAsync(MachineId.Session id, Signal last);

    public void Tell(Signal signal)
    {
        var (some, all) = Routing.Of(signal);
        foreach (var id in some)
        {
            TellOne(id, signal);
        }

        if (all != Routing.Everyone.Nobody)
        {
            TellAll(
                id => all == Routing.Everyone.Topics
                    ? id is MachineId.Topic
                    : id is MachineId.Session,
                signal);
        }
    }

    public void TellAll(Func<MachineId, bool> which, Signal signal)
    {
        foreach (var id in Places.Keys.Where(which))
        {
            TellOne(id, signal);
        }
    }

    public void TellOne(MachineId id, Signal signal)
    {
        if (!Places.TryGetValue(id, out var place)
            || place.Actor is not { } actor
            || !actor.TryTell(signal))
        {
            hooks.DeadLetter(signal);
        }
    }

    /// <summary>
    /// For the edge only: a caller waits for room in a full mailbox. What then reaches nobody is a
    /// dead letter; this does not fail.
    /// </summary>
    public Task TellAsync(Signal.Called signal, CancellationToken stop)
    {
        var id = Routing.Of(signal).Some[0];
        if (Places.TryGetValue(id, out var place) && place.Actor is { } actor)
        {
            return actor.TryTell(signal) ? Task.CompletedTask : WaitAsync(actor, signal, stop);
        }

        hooks.DeadLetter(signal);
        return Task.CompletedTask;
    }

    /// <summary>Stops every actor where it stands, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await EmptyAsync().ConfigureAwait(false);
    }

    private async Task WaitAsync(Actor actor, Signal signal, CancellationToken stop)
    {
        try
        {
            await actor.TellAsync(signal, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            hooks.DeadLetter(signal);
        }
    }

    /// <summary>Keeps this place filled until the node stops.</summary>
    protected abstract void Fill(Place place);

    /// <summary>Waits until no actor runs any more; all of them were told to stop.</summary>
    protected abstract Task EmptyAsync();

    /// <summary>A new generation: it is told what it must know, and others tell it.</summary>
    protected void Begin(Place place, Actor actor)
    {
        actor.TryTell(new Signal.Started());
        place.Actor = actor;
        hooks.Introduce(actor);
        TellAll(id => !id.Equals(place.Id), new Signal.Restate());
        place.Fault = null;
        place.Born.TrySetResult();
    }

    /// <summary>A generation ended, or could not be made.</summary>
    protected void Bury(Place place, Actor? actor, Exception fault)
    {
        board.CountRestart();
        place.Actor = null;
        place.Fault = fault is StoreException ? fault.Message : $"{place.Id}: {fault.Message}";
        place.Born.TrySetException(fault);
        hooks.Settle(place.Id, actor, fault);
    }
}

/// <summary>What a supervisor needs of the node.</summary>
/// <param name="Perform">Performs an effect, on the actor's own turn.</param>
/// <param name="Introduce">
/// Tells a new actor what it must know before its siblings state their facts.
/// </param>
/// <param name="Settle">What a dead actor owed: bytes to readers, answers to callers.</param>
/// <param name="DeadLetter">
/// Told what reached nobody: the sender's credit, the caller's answer.
/// </param>
internal sealed record SupervisorHooks(
    Action<Actor, Effect> Perform,
    Action<Actor> Introduce,
    Action<MachineId, Actor?, Exception> Settle,
    Action<Signal> DeadLetter);

/// <summary>A place in the node that an actor fills, generation after generation.</summary>
internal sealed class Place(MachineId id, Func<long, Exception?, Task<IMachine>> create)
{
    public MachineId Id => id;

    public Func<long, Exception?, Task<IMachine>> Create => create;

    public long Generation { get; set; }

    /// <summary>Null between two generations.</summary>
    public volatile Actor? Actor;

    public string? Fault { get; set; }

    public Task Life { get; set; } = Task.CompletedTask;

    public TaskCompletionSource Born { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>How long until the next generation, when one after the other fails?</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(100);

    /// <summary>A full disk is looked at again this often.</summary>
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(5);

    /// <summary>An actor that ran this long is healthy: the next backoff starts over.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    private TimeSpan _next = Min;

    public TimeSpan After(TimeSpan lived)
    {
        var wait = lived > Healthy ? Min : _next;
        _next = wait * 2 < Max ? wait * 2 : Max;
        return wait;
    }
}
