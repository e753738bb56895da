using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Is this topic actor running, and if not, why? One life after the other: a fault ends a life,
/// several in a row on one entry park the actor there until a person resumes it.
/// </summary>
internal sealed class TopicActorSeat(
    TopicActorRegistration registration, TopicId topic, RunningNode node)
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(100);

    private readonly Pulse _resumed = new();
    private TopicActorLife? _life;
    private volatile TopicActorFault? _fault;
    private volatile int _failures;
    private volatile TopicActorState _state;
    private ReaderRecord _record = new(ReaderKind.Actor, registration.Name, 0);

    public TopicActorStatus Status
    {
        get
        {
            var position = _life?.Position ?? 0;
            var fault = position >= _fault?.Position ? null : _fault;
            return new(
                registration.Topic,
                registration.Name,
                _state,
                position,
                Math.Max(0, node.Audience.Positions.Of(topic) - position),
                fault is null ? 0 : _failures,
                _state == TopicActorState.Parked ? fault?.Position : null,
                fault is { InnerException: { } thrown }
                    ? $"{thrown.GetType().Name}: {thrown.Message}"
                    : null,
                _record.Skipped);
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var resumed = _resumed.Next;
            if (await LiveAsync(stop).ConfigureAwait(false) is { } wait)
            {
                await resumed.WaitAsync(wait, node.Time, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Tries the entry again, or skips it, in later lives too.</summary>
    /// <exception cref="GossipException">
    /// actor-not-parked, actor-nothing-to-skip, store-….
    /// </exception>
    public async Task ResumeAsync(bool skip, CancellationToken stop)
    {
        if (_state != TopicActorState.Parked || _fault is not { } fault)
        {
            throw new GossipException(
                "actor-not-parked", $"Topic actor '{registration.Name}' is not parked.");
        }

        if (skip)
        {
            var position = fault.Position ?? throw new GossipException(
                "actor-nothing-to-skip",
                $"Topic actor '{registration.Name}' fails when it is made, on no entry: mend it, "
                + "and resume without skipping.");
            var record = await ReadAsync(stop).ConfigureAwait(false);
            record = record with { Skipped = [.. record.Skipped, position] };
            await node.DoAsync(store => store.WriteReaderAsync(topic, record, stop))
                .ConfigureAwait(false);
        }

        (_failures, _state) = (0, TopicActorState.Restarting);
        _resumed.Beat();
    }

    /// <summary>How long to wait before the next life; null for not at all.</summary>
    private async Task<TimeSpan?> LiveAsync(CancellationToken stop)
    {
        try
        {
            var record = await ReadAsync(stop).ConfigureAwait(false);
            _record = record with { Snapshot = null };
            _life = new TopicActorLife(registration, topic, record, node);
            _state = TopicActorState.Running;
            await _life.RunAsync(stop).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (GossipException)
        {
            // The store, not the actor: its topic says what is wrong, and tries again as well.
            _state = TopicActorState.Restarting;
            return node.Options.Times.ActorRetry;
        }
        catch (TopicActorFault fault)
        {
            return Fail(fault);
        }
#pragma warning disable CA1031 // A seat never ends by itself: what nobody expected parks it too.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail(new(null, e));
        }
    }

    private TimeSpan Fail(TopicActorFault fault)
    {
        var isSame = _fault?.Position == fault.Position;
        (_fault, _failures) = (fault, isSame ? _failures + 1 : 1);
        if (_failures < node.Options.Sizes.ActorFailuresMax)
        {
            _state = TopicActorState.Restarting;
            return BackoffMin * _failures;
        }

        _state = TopicActorState.Parked;
        var (topicName, name) = (registration.Topic, registration.Name);
        node.Logger.TopicActorParked(name, topicName.Value, fault.Position, fault);
        node.Audience.Events.Publish(
            new NodeEvent.ActorParked(topicName, name, fault.Position, fault.Message));
        return Timeout.InfiniteTimeSpan;
    }

    private async Task<ReaderRecord> ReadAsync(CancellationToken stop) => await node
        .AskAsync(store => store.FindReaderAsync(
            topic, ReaderKind.Actor, registration.Name, stop))
        .ConfigureAwait(false) ?? new(ReaderKind.Actor, registration.Name, 0);
}
