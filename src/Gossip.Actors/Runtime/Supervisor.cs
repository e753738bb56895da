using System.Collections.Concurrent;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Who lives? Owns the node's actors, tells them signals by the routing table, and restarts one
/// that failed: with backoff, as a new generation that knows only what the store holds, while its
/// siblings state their facts again. A session is not restarted: its link ends.
/// </summary>
internal sealed class Supervisor(
    GossipOptions options, NodeClock clock, StatusBoard board, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(100);

    /// <summary>A full disk is looked at again this often.</summary>
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(5);

    /// <summary>An actor that ran this long is healthy: the next backoff starts over.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<MachineId, Child> _children = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Performs effects; set once, before the first child.</summary>
    public required Action<Actor, Effect> Perform { get; init; }

    /// <summary>
    /// Tells a new actor what it must know before its siblings state their facts.
    /// </summary>
    public required Action<Actor> Introduce { get; init; }

    /// <summary>What a dead actor owed: bytes to readers, answers to callers.</summary>
    public required Action<MachineId, Actor?, Exception> Settle { get; init; }

    /// <summary>Told what reached nobody: the sender's credit, the caller's answer.</summary>
    public required Action<Signal> DeadLetter { get; init; }

    public CancellationToken Stopping => _stop.Token;

    /// <summary>Why machines that should run do not, for people.</summary>
    public IEnumerable<string> Faults =>
        _children.Values.Select(c => c.Fault).OfType<string>();

    /// <summary>
    /// Completes when the first generation runs, or with what kept it from running.
    /// </summary>
    public Task SpawnAsync(MachineId id, Func<long, Exception?, Task<IMachine>> create)
    {
        var child = new Child(id, create);
        if (!_children.TryAdd(id, child))
        {
            throw new InvariantException($"{id} was spawned twice");
        }

        child.Life = SuperviseAsync(child);
        return child.Born.Task;
    }

    /// <summary>
    /// One link's session: it ends with its link, and a fault in it ends the link.
    /// </summary>
    public Actor SpawnSession(MachineId.Session id, IMachine machine)
    {
        var actor = new Actor(id, machine, 1, options.Sizes.MailboxMax, clock);
        var child = new Child(id, (_, _) => Task.FromResult(machine)) { Actor = actor };
        actor.Mailbox.TryTell(new Signal.Started());
        _children[id] = child;
        child.Life = RunSessionAsync(child, actor);
        return actor;
    }

    /// <summary>
    /// Tells a session its last signal, and waits until it has acted on all it was told.
    /// </summary>
    public async Task EndSessionAsync(MachineId.Session id, Signal last)
    {
        if (_children.TryGetValue(id, out var child) && child.Actor is { } actor)
        {
            actor.Mailbox.TryTell(last);
            actor.Mailbox.Complete();
            await child.Life.ConfigureAwait(false);
            _children.TryRemove(id, out _);
        }
    }

    /// <summary>Signals that wait for the actor for which most do.</summary>
    public (MachineId? Who, int Signals) Busiest
    {
        get
        {
            var all = _children.Values.Select(c => (c.Id, c.Actor?.Mailbox.Waiting ?? 0));
            return all.DefaultIfEmpty().MaxBy(c => c.Item2);
        }
    }

    /// <summary>
    /// Facts that overtook older ones in full mailboxes, of the actors that live.
    /// </summary>
    public long FactsReplaced => _children.Values.Sum(c => c.Actor?.Mailbox.Replaced ?? 0);

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
        foreach (var id in _children.Keys.Where(which))
        {
            TellOne(id, signal);
        }
    }

    public void TellOne(MachineId id, Signal signal)
    {
        if (!_children.TryGetValue(id, out var child)
            || child.Actor is not { } actor
            || !actor.Mailbox.TryTell(signal))
        {
            DeadLetter(signal);
        }
    }

    /// <summary>Stops every actor where it stands, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_children.Values.Select(c => c.Life)).ConfigureAwait(false);
    }

    private async Task SuperviseAsync(Child child)
    {
        await Task.Yield();
        Exception? fault = null;
        var backoff = BackoffMin;
        while (!Stopping.IsCancellationRequested)
        {
            var born = clock.Now.Elapsed;
            fault = await LiveAsync(child, fault).ConfigureAwait(false);
            if (fault is null || Stopping.IsCancellationRequested)
            {
                return;
            }

            if (clock.Now.Elapsed - born > Healthy)
            {
                backoff = BackoffMin;
            }

            logger.ActorFailed(child.Id.ToString(), backoff.TotalMilliseconds, fault);
            await Task.Delay(backoff, clock.Time, Stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backoff = backoff * 2 < BackoffMax ? backoff * 2 : BackoffMax;
        }
    }

    /// <summary>
    /// One generation, from its load to its end. The fault that ended it; null for a stop.
    /// </summary>
    private async Task<Exception?> LiveAsync(Child child, Exception? lastFault)
    {
        Actor? actor = null;
        try
        {
            var generation = ++child.Generation;
            var machine = await child.Create(generation, lastFault).ConfigureAwait(false);
            actor = new Actor(child.Id, machine, generation, options.Sizes.MailboxMax, clock);
            actor.Mailbox.TryTell(new Signal.Started());
            child.Actor = actor;
            Introduce(actor);
            TellAll(id => !id.Equals(child.Id), new Signal.Restate());
            child.Fault = null;
            child.Born.TrySetResult();
            await actor.RunAsync(Perform, Stopping).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // The one place that catches: this is what a supervisor is for.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            board.CountRestart();
            child.Actor = null;
            child.Born.TrySetException(fault);
            child.Fault = fault is StoreException ? fault.Message : $"{child.Id}: {fault.Message}";
            Settle(child.Id, actor, fault);
            return fault;
        }
    }

    private async Task RunSessionAsync(Child child, Actor actor)
    {
        try
        {
            await actor.RunAsync(Perform, Stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // The node stops.
        }
#pragma warning disable CA1031 // A peer can end its session, never the node.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.SessionFailed(child.Id.ToString(), fault);
            Settle(child.Id, actor, fault);
        }
    }

    /// <summary>A place in the node that an actor fills, generation after generation.</summary>
    private sealed class Child(MachineId id, Func<long, Exception?, Task<IMachine>> create)
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
}
