using System.Collections.Immutable;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What happens to an effect? Here every effect meets the world, and nowhere else does anything
/// follow from the protocol. Nothing here waits: what takes time answers with a signal.
/// </summary>
internal sealed class Switchboard
{
    private readonly IEntryStore _store;
    private readonly GossipOptions _options;
    private readonly NodeClock _clock;
    private readonly Audience _audience;
    private readonly TopicSet _topics;
    private readonly ILogger _logger;
    private readonly Exclusions _exclusions;

    public Switchboard(
        IEntryStore store, GossipOptions options, NodeClock clock, Audience audience,
        TopicSet topics, ILogger logger, Func<SupervisorHooks, Supervisor> supervise)
    {
        (_store, _options, _clock) = (store, options, clock);
        (_audience, _topics, _logger) = (audience, topics, logger);
        Refusals = new(audience.Board, clock, logger);
        Supervisor = supervise(new(Perform, topics.Introduce, Settle, Undeliverable));
        _exclusions = new(store, logger, Supervisor.Stopping);
    }

    public Supervisor Supervisor { get; }

    public Refusals Refusals { get; }

    /// <summary>The connections, set once before the first actor runs.</summary>
    public Links Links { get; set; } = null!;

    private void Perform(Actor actor, Effect effect)
    {
        switch (effect)
        {
            case Effect.Tell(Signal.TopicCarried carried):
                _topics.Note(carried);
                Supervisor.Tell(carried);
                break;
            case Effect.Tell(var signal):
                Supervisor.Tell(signal);
                break;
            case Effect.After(var delay, var signal):
                actor.TellLater(delay, signal);
                break;
            case Effect.Transmit(var link, var frame, var sendClass):
                Transmit(link, frame, sendClass);
                break;
            case Effect.Hangup(var link, var reason):
                Links.Find(link)?.Hangup(reason);
                break;
            case Effect.Dial(var address):
                Links.Dial(address);
                break;
            case Effect.Persist(var batch):
                _ = RunAsync(actor, PersistAsync(actor, batch));
                break;
            case Effect.Look(var topic, var log, var slots, var suspicion):
                _ = RunAsync(actor, ReadAsync(actor, topic, log, slots, headers =>
                    new Signal.Found(topic, log, headers, suspicion)));
                break;
            case Effect.Load(var topic, var log, var slots):
                _ = RunAsync(actor, ReadAsync(actor, topic, log, slots, headers =>
                    new Signal.Loaded(topic, log, headers)));
                break;
            case Effect.Survey(var topic):
                _ = RunAsync(actor, SurveyAsync(actor, topic));
                break;
            case Effect.Recall(var publish, var key):
                _ = RunAsync(actor, RecallAsync(actor, publish, key));
                break;
            case Effect.Serve serve:
                _ = RunAsync(actor, ServeAsync(serve));
                break;
            case Effect.Acknowledge(var call, var receipts):
                _audience.Calls.Acknowledge(call, receipts);
                break;
            case Effect.Decline(var call, var code, var reason):
                _audience.Calls.Fail(call, new GossipException(code, reason));
                break;
            case Effect.Delivered(var topic, var position):
                _audience.Positions.Advance(topic, position);
                break;
            case Effect.Credit(var link, var bytes):
                Links.Find(link)?.Credit.GiveBack(bytes);
                break;
            case Effect.Refuse(var code, var detail):
                Refusals.Refuse(code, detail);
                break;
            case Effect.Exceed(var limit, var amount, var detail):
                Refusals.Exceed(limit, amount, detail);
                break;
            case Effect.Count(var tally, var amount):
                _audience.Board.Count(tally, amount);
                break;
            case Effect.Held(var topic, var log, var link, var holder, var head):
                _audience.Holders.Claim(topic, log, link, holder, head);
                break;
            case Effect.Entered entered:
                _audience.Events.Publish(entered);
                _audience.Foreign.Note(entered.Received, _clock.Now.UnixMilliseconds)
                    .ToList().ForEach(twin => Happen(new NodeEvent.TwinSeen(twin)));
                break;
            case Effect.Happened(var happened):
                Happen(happened);
                break;
            case Effect.Show(var view):
                _audience.Board.Show(view);
                break;
            case Effect.Remember or Effect.Forget:
                _exclusions.Keep(effect);
                break;
            case Effect.SyncDone(var call, var results):
                _audience.Calls.Answer(call, results);
                break;
            default:
                throw new InvariantException($"nobody performs {effect.GetType().Name}");
        }
    }

    /// <summary>Logged and told; readers look again where entries count no more.</summary>
    private void Happen(NodeEvent happened)
    {
        _logger.Happened(happened);
        var topic = happened switch
        {
            NodeEvent.Closed(var name, _, _) => name,
            NodeEvent.Revoked(var name, _, _, _) => name,
            _ => (TopicName?)null,
        };
        if (topic is { } disturbed)
        {
            _audience.Positions.Disturb(_topics.IdOf(disturbed));
        }

        _audience.Events.Publish(happened);
    }

    private void Transmit(Link id, byte[] frame, SendClass sendClass)
    {
        if (Links.Find(id) is { IsEnding: false } link && !link.Send(frame, sendClass))
        {
            Refusals.Exceed(LimitKind.SendQueue, 1, $"{sendClass} to {link.RemoteAddress}");
            Refusals.Refuse(RefusalCode.QueueFull, $"{id}: {sendClass} to {link.RemoteAddress}");
        }
    }

    private async Task PersistAsync(Actor actor, Batch batch)
    {
        await _store.CommitAsync(batch, actor.Generation, CancellationToken.None)
            .ConfigureAwait(false);
        actor.TryTell(new Signal.Stored(batch.Topic, batch.Number));
    }

    private async Task ReadAsync(
        Actor actor,
        TopicId topic,
        LogId log,
        SeqRange slots,
        Func<ImmutableArray<SignedHeader>, Signal> answer)
    {
        var headers = await _store
            .ReadHeadersAsync(topic, log, slots, (int)slots.Count, Supervisor.Stopping)
            .ConfigureAwait(false);
        actor.TryTell(answer(headers));
    }

    private async Task SurveyAsync(Actor actor, TopicId topic)
    {
        var segments = await _store.SurveyAsync(topic, Supervisor.Stopping).ConfigureAwait(false);
        actor.TryTell(new Signal.Surveyed(topic, segments));
    }

    private async Task RecallAsync(Actor actor, Signal.Publish publish, PublishKey key)
    {
        var published = await _store.FindKeyAsync(publish.Topic, key, Supervisor.Stopping)
            .ConfigureAwait(false);
        actor.TryTell(new Signal.Recalled(publish, published));
    }

    private async Task ServeAsync(Effect.Serve serve)
    {
        if (Links.Find(serve.Link) is not { } link)
        {
            return;
        }

        if (!await link.BeginServeAsync(Supervisor.Stopping).ConfigureAwait(false))
        {
            Refusals.Refuse(RefusalCode.QueueFull, $"{serve.Link}: too many pulls at once");
            return;
        }

        try
        {
            var page = await Pages
                .ReadAsync(_store, serve, _options.Sizes, Supervisor.Stopping)
                .ConfigureAwait(false);
            _audience.Board.Count(Tally.EntriesServed, page.Entries.Length);
            Supervisor.Tell(new Signal.Send(serve.Link, page));
        }
        finally
        {
            link.EndServe();
        }
    }

    /// <summary>
    /// Runs what takes time; whatever goes wrong in it ends the actor that asked.
    /// </summary>
    private async Task RunAsync(Actor actor, Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Supervisor.Stopping.IsCancellationRequested)
        {
            // The node stops.
        }
#pragma warning disable CA1031 // Not swallowed: the supervisor decides about the actor.
        catch (Exception e)
#pragma warning restore CA1031
        {
            actor.Fail(e);
        }
    }

    /// <summary>What a dead actor held goes back: readers go on, callers hear why.</summary>
    private void Settle(MachineId id, Actor? actor, Exception fault)
    {
        foreach (var signal in actor?.Abandon((l, b) => Links.Find(l)?.Credit.GiveBack(b)) ?? [])
        {
            Undeliverable(signal);
        }

        switch (id)
        {
            case MachineId.Topic(var topic):
                _audience.Calls.FailAll(topic, Reasons.Of(fault));
                break;
            case MachineId.AntiEntropy:
                _audience.Calls.FailSyncs(Reasons.Of(fault));
                break;
            case MachineId.Session(var link):
                Links.Find(link)?.Hangup("a fault on this side");
                Supervisor.Tell(new Signal.PeerDown(link, "a fault on this side"));
                break;
        }
    }

    private void Undeliverable(Signal signal)
    {
        switch (signal)
        {
            case Signal.Received(var link, _, var message, var bytes):
                Links.Find(link)?.Credit.GiveBack(bytes);
                Refusals.Exceed(LimitKind.Mailbox, 1, $"{link}: {message.GetType().Name} dropped");
                _audience.Board.Refuse(
                    RefusalCode.QueueFull, $"{link}: {message.GetType().Name} dropped");
                break;
            case Signal.Called { Call: var call }:
                _audience.Calls.Fail(call, Reasons.Busy);
                break;
            case Signal.SyncAsked:
                _audience.Calls.FailSyncs(Reasons.Busy);
                break;
        }
    }
}
