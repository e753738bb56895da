using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Simulation;

/// <content>
/// One step of one machine, and what follows from it: the simulator's switchboard.
/// </content>
public sealed partial class SimulatedNode
{
    private readonly Outbox _outbox = new();
    private bool _isDraining;

    private void Drain()
    {
        if (_isDraining)
        {
            return;
        }

        _isDraining = true;
        try
        {
            while (_inboxes.TryTake(out var inbox, out var signal))
            {
                Step(inbox, signal);
            }
        }
        finally
        {
            _isDraining = false;
        }
    }

    private void Step(Inbox inbox, Signal signal)
    {
        var at = _cluster.Time.Now;
        _cluster.Trace.Add(Number, at, signal);
        _cluster.Watch.Heard(this, signal);
        inbox.Owe(signal);
        inbox.Machine.Handle(signal, new(at, Clock.UnixMilliseconds), _outbox);
        var isGossip = signal is Signal.Send
        {
            Message: GossipMessage.Announcement or GossipMessage.Heads
                or GossipMessage.PullRequest or GossipMessage.PullResponse
                or GossipMessage.AntiEntropy
        };
        foreach (var effect in _outbox.Drain())
        {
            _cluster.Trace.Add(Number, at, effect);
            _cluster.Watch.Did(this, effect);
            Perform(inbox, effect, isGossip);
        }

        if (signal is Signal.LinkClosed(var link, _))
        {
            EndLink(link, inbox);
        }
    }

    private void EndLink(Link link, Inbox session)
    {
        if (_links.Remove(link, out var end))
        {
            _inboxes.Remove(session);
            _cluster.Network.Close(end);
            Record.Forget(link);
        }
    }

    private void Perform(Inbox inbox, Effect effect, bool isGossip)
    {
        Record.Note(effect);
        switch (effect)
        {
            case Effect.Tell(Signal.TopicCarried carried):
                _carried[carried.Topic] = carried;
                _inboxes.Tell(carried);
                break;
            case Effect.Tell(var told):
                _inboxes.Tell(told);
                break;
            case Effect.After(var delay, var signal):
                _cluster.Time.In(delay, () => Answer(inbox, signal));
                break;
            case Effect.Transmit(var link, var frame, var sendClass):
                Transmit(link, frame, sendClass, isGossip);
                break;
            case Effect.Hangup(var link, var reason):
                // The session says goodbye first: it hears of the end after what it was told.
                _inboxes.Tell(new Signal.LinkClosed(link, reason));
                break;
            case Effect.Dial(var address):
                _cluster.Network.Dial(this, address);
                break;
            case Effect.Persist(var batch):
                Persist(inbox, batch);
                break;
            case Effect.Look look:
                Read(
                    inbox, HeadersOf(look.Topic, look.Log, look.Slots),
                    headers => new Signal.Found(look.Topic, look.Log, headers, look.Suspicion));
                break;
            case Effect.Load load:
                Read(
                    inbox, HeadersOf(load.Topic, load.Log, load.Slots),
                    headers => new Signal.Loaded(load.Topic, load.Log, headers));
                break;
            case Effect.Survey(var topic):
                Read(
                    inbox, store => store.SurveyAsync(topic, default),
                    segments => new Signal.Surveyed(topic, segments));
                break;
            case Effect.Recall(var publish, var key):
                Read(
                    inbox, store => store.FindKeyAsync(publish.Topic, key, default),
                    published => new Signal.Recalled(publish, published));
                break;
            case Effect.Serve when IsWithholding:
                break;
            case Effect.Serve serve:
                Read(
                    inbox, store => Pages.ReadAsync(store, serve, Options.Sizes, default),
                    page => new Signal.Send(serve.Link, page));
                break;
            case Effect.Remember(var exclusion):
                Done(Disk.Store.WriteExclusionAsync(exclusion, default));
                break;
            case Effect.Forget(var did, var kind):
                Done(Disk.Store.RemoveExclusionAsync(did, kind, default));
                break;
            case Effect.Acknowledge(var call, _):
                _publishing.Remove(call.Number);
                break;
            case Effect.Decline(var call, _, _):
                _publishing.Remove(call.Number);
                Record.Failed.Add(call);
                break;
            case Effect.Credit(var link, var bytes):
                inbox.Repay(link, bytes);
                GiveBack(link, bytes);
                break;
        }
    }

    private void Transmit(Link link, byte[] frame, SendClass sendClass, bool isGossip)
    {
        if (IsSilent || !_links.TryGetValue(link, out var end)
            || _cluster.Network.Send(end, frame, sendClass, isGossip))
        {
            return;
        }

        _cluster.Sometimes.Reach(Rarity.QueueFull);
        var refusal = new Effect.Refuse(RefusalCode.QueueFull, $"{link}: {sendClass}");
        _cluster.Watch.Did(this, refusal);
        Record.Note(refusal);
        if (sendClass == SendClass.Control)
        {
            // Dropped control would leave the two sides with different ideas of each other.
            _inboxes.Tell(new Signal.LinkClosed(link, "it does not take what it is sent"));
        }
    }

    private void Persist(Inbox inbox, Batch batch)
    {
        Disk.Persist(batch, inbox.Generation, fault =>
        {
            if (fault is null)
            {
                Answer(inbox, new Signal.Stored(batch.Topic, batch.Number));
            }
            else
            {
                Fail(inbox, fault);
            }
        });
        _cluster.Tempt(this);
    }

    private void Read<T>(
        Inbox inbox, Func<IEntryStore, Task<T>> read, Func<T, Signal> answer) =>
        _cluster.Time.In(Disk.ReadTime(), () =>
        {
            if (!_inboxes.IsAlive(inbox))
            {
                return;
            }

            try
            {
                Answer(inbox, answer(Disk.Read(read)));
            }
            catch (StoreException fault)
            {
                Fail(inbox, fault);
            }
        });

    private static Func<IEntryStore, Task<ImmutableArray<SignedHeader>>> HeadersOf(
        TopicId topic, LogId log, SeqRange slots) =>
        store => store.ReadHeadersAsync(topic, log, slots, int.MaxValue, default);

    /// <summary>To the machine that asked, if it still runs.</summary>
    private void Answer(Inbox inbox, Signal signal)
    {
        if (!_inboxes.IsAlive(inbox))
        {
            return;
        }

        if (signal is Signal.Send)
        {
            _inboxes.Tell(signal);
        }
        else
        {
            _inboxes.Tell(inbox, signal);
        }

        Drain();
    }

    private void GiveBack(Link link, long bytes)
    {
        Record.Return(link, bytes);
        if (_links.TryGetValue(link, out var end))
        {
            end.Other.Out.GiveBack((int)bytes);
        }
    }
}
