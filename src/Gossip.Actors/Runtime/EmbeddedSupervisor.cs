using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>The supervisor of our own small runtime: each place is filled by a task.</summary>
internal sealed class EmbeddedSupervisor(
    GossipOptions options, NodeClock clock, StatusBoard board, SupervisorHooks hooks,
    ILogger logger)
    : Supervisor(board, hooks)
{
    public override string Runtime => "embedded";

    public override Actor SpawnSession(MachineId.Session id, IMachine machine)
    {
        var actor = NewActor(id, machine, 1);
        var place = new Place(id, (_, _) => Task.FromResult(machine)) { Actor = actor };
        actor.TryTell(new Signal.Started());
        Places[id] = place;
        place.Life = RunSessionAsync(place, actor);
        return actor;
    }

    public override async Task EndSessionAsync(MachineId.Session id, Signal last)
    {
        if (Places.TryGetValue(id, out var place) && place.Actor is { } actor)
        {
            actor.TryTell(last);
            actor.Mailbox.Complete();
            await place.Life.ConfigureAwait(false);
            Places.TryRemove(id, out _);
        }
    }

    protected override void Fill(Place place) => place.Life = SuperviseAsync(place);

    protected override Task EmptyAsync() => Task.WhenAll(Places.Values.Select(p => p.Life));

    private EmbeddedActor NewActor(MachineId id, IMachine machine, long generation) =>
        new(id, machine, generation, options.Sizes.MailboxMax, clock, Stopping);

    private async Task SuperviseAsync(Place place)
    {
        await Task.Yield();
        Exception? fault = null;
        var backoff = new Backoff();
        while (!Stopping.IsCancellationRequested)
        {
            var born = clock.Now.Elapsed;
            fault = await LiveAsync(place, fault).ConfigureAwait(false);
            if (fault is null || Stopping.IsCancellationRequested)
            {
                return;
            }

            var wait = backoff.After(clock.Now.Elapsed - born);
            logger.ActorFailed(place.Id.ToString(), wait.TotalMilliseconds, fault);
            await Task.Delay(wait, clock.Time, Stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// One generation, from its load to its end. The fault that ended it; null for a stop.
    /// </summary>
    private async Task<Exception?> LiveAsync(Place place, Exception? lastFault)
    {
        EmbeddedActor? actor = null;
        try
        {
            var generation = ++place.Generation;
            var machine = await place.Create(generation, lastFault).ConfigureAwait(false);
            actor = NewActor(place.Id, machine, generation);
            Begin(place, actor);
            await actor.RunAsync(Hooks.Perform).ConfigureAwait(false);
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
            Bury(place, actor, fault);
            return fault;
        }
    }

    private async Task RunSessionAsync(Place place, EmbeddedActor actor)
    {
        try
        {
            await actor.RunAsync(Hooks.Perform).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // The node stops.
        }
#pragma warning disable CA1031 // A peer can end its session, never the node.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.SessionFailed(place.Id.ToString(), fault);
            Hooks.Settle(place.Id, actor, fault);
        }
    }
}
