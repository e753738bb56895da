using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Who holds what? Our own holdings, what each peer last claimed, and from both: heads to tell,
/// digests to compare, lag to show. It learns of our holdings only after a commit, so no digest
/// ever claims what the disk does not hold.
/// </summary>
public sealed class ClockLedger : IMachine
{
    private readonly GossipOptions _options;
    private readonly SortedDictionary<TopicId, TopicLedger> _topics = [];
    private readonly Rounds _rounds;
    private bool _headsDue;

    private readonly Did _self;

    public ClockLedger(Self self, GossipOptions options) =>
        (_self, _options, _rounds) = (self.Did, options, new(_topics));

    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.TopicCarried carried:
                Carry(carried, outbox);
                ScheduleHeads(outbox);
                break;
            case Signal.Withdrawn(var topic, var log):
                _topics.GetValueOrDefault(topic)?.Withdraw(log);
                ScheduleHeads(outbox);
                break;
            case Signal.Advanced(var topic, var row):
                Advance(topic, row, outbox);
                break;
            case Signal.HeadsDue:
                TellHeads(outbox);
                break;
            case Signal.Subscribed(var link, var did, var topic, true):
                _topics.GetValueOrDefault(topic)?.Note(link, did);
                ScheduleHeads(outbox);
                break;
            case Signal.Subscribed(var link, _, var topic, false):
                Forget(link, _topics.GetValueOrDefault(topic), outbox);
                ScheduleHeads(outbox);
                break;
            case Signal.PeerDown(var link, _):
                Drop(link, outbox);
                ScheduleHeads(outbox);
                break;
            case Signal.Received(var link, _, GossipMessage.Heads heads, var bytes):
                Hear(link, heads, outbox);
                TellHeld(link, outbox);
                outbox.Add(new Effect.Credit(link, bytes));
                break;
            case Signal.Received(var link, _, GossipMessage.AntiEntropy step, var bytes):
                _rounds.Step(link, step, now, outbox);
                TellHeld(link, outbox);
                outbox.Add(new Effect.Credit(link, bytes));
                ScheduleHeads(outbox);
                break;
            case Signal.Compare(var link, var round):
                _rounds.Open(link, round, outbox);
                break;
            case Signal.CaughtUp(var link, var topic, var round):
                _rounds.CatchUp(link, topic, round, now, outbox);
                TellHeld(link, outbox);
                break;
            case Signal.Started or Signal.Restate or Signal.Stopping or Signal.PeerUp:
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }
    }

    /// <summary>Who may not read a topic any more is shown nothing more of it.</summary>
    private void Carry(Signal.TopicCarried carried, Outbox outbox)
    {
        var (id, name) = carried;
        if (_topics.TryAdd(id, new(id, name, _self)))
        {
            return;
        }

        var topic = _topics[id];
        foreach (var (link, _) in topic.Peers
            .Where(p => !carried.Readers.Allow(p.Value.Did)).ToArray())
        {
            Forget(link, topic, outbox);
        }
    }

    private void Advance(TopicId id, Row row, Outbox outbox)
    {
        if (_topics.TryGetValue(id, out var topic))
        {
            topic.Advance(row);
            ScheduleHeads(outbox);
        }
    }

    /// <summary>What changed is told to peers, and shown to people, together and soon.</summary>
    private void ScheduleHeads(Outbox outbox)
    {
        if (!_headsDue)
        {
            _headsDue = true;
            outbox.After(_options.Times.HeadsInterval, new Signal.HeadsDue());
        }
    }

    private void TellHeads(Outbox outbox)
    {
        _headsDue = false;
        foreach (var topic in _topics.Values)
        {
            foreach (var (link, rows) in _options.Push ? topic.News() : [])
            {
                foreach (var part in Row.Split(rows))
                {
                    outbox.Send(link, new GossipMessage.Heads(topic.Id, [.. part]));
                }
            }

            topic.ClearNews();
            if (topic.TakeView() is { } view)
            {
                outbox.Add(new Effect.Show(view));
            }
        }
    }

    private void Hear(Link link, GossipMessage.Heads heads, Outbox outbox)
    {
        if (_topics.TryGetValue(heads.Topic, out var topic)
            && topic.Peers.TryGetValue(link, out var peer))
        {
            peer.Claim(heads.Rows);
            var lacking = topic.Differing(heads.Rows);
            if (!lacking.IsEmpty)
            {
                outbox.Tell(new Signal.Shown(link, heads.Topic, 0, lacking));
            }
        }
    }

    /// <summary>Who waits for peers to hold what we wrote hears of every claim.</summary>
    private void TellHeld(Link link, Outbox outbox)
    {
        foreach (var topic in _topics.Values)
        {
            if (topic.Peers.TryGetValue(link, out var peer))
            {
                foreach (var (log, head) in peer.TakeHeld())
                {
                    outbox.Add(new Effect.Held(topic.Id, log, link, peer.Did, head));
                }
            }
        }
    }

    private void Drop(Link link, Outbox outbox)
    {
        _rounds.Drop(link);
        foreach (var topic in _topics.Values)
        {
            Forget(link, topic, outbox);
        }
    }

    private void Forget(Link link, TopicLedger? topic, Outbox outbox)
    {
        topic?.Peers.GetValueOrDefault(link)?.ForgetAll();
        TellHeld(link, outbox);
        topic?.Peers.Remove(link);
    }
}
