using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Whom do we compare with next, and did it end equal? Timer-driven: every interval one peer, each
/// once per cycle, in an order drawn anew each cycle; a new peer at once.
/// </summary>
public sealed class AntiEntropy(GossipOptions options, Random random) : IMachine
{
    /// <summary>The round number of a timer that only looks after new peers.</summary>
    private const long FreshPeers = 0;

    private readonly SortedDictionary<Link, Comparee> _peers = [];
    private readonly Queue<Link> _cycle = [];
    private readonly SortedSet<Link> _fresh = [];
    private readonly List<Call> _calls = [];
    private ImmutableSortedSet<Did> _quarantined = [];
    private readonly Partitions _partitions = new(options.Times.PartitionThreshold);
    private long _round;

    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.Started:
                outbox.After(options.Times.RoundInterval * random.NextDouble(), NextRound());
                break;
            case Signal.RoundDue(FreshPeers):
                CompareFresh(now, outbox);
                break;
            case Signal.RoundDue(var round):
                CompareNext(round, now, outbox);
                break;
            case Signal.Subscribed subscribed:
                Note(subscribed, outbox);
                break;
            case Signal.PeerDown down:
                Drop(down, now, outbox);
                break;
            case Signal.SilenceDue(var did, var number):
                _partitions.Judge(did, number, outbox);
                break;
            case Signal.RoundEnded ended:
                End(ended, now, outbox);
                break;
            case Signal.RoundExpired(var link, var round):
                End(new(link, round, false, "no end within the round timeout", 0, 0), now, outbox);
                break;
            case Signal.SyncAsked(var call, var did):
                Sync(call, did, now, outbox);
                break;
            case Signal.Distrusted(var quarantined, _):
                _quarantined = quarantined;
                break;
            case Signal.PeerUp or Signal.Restate or Signal.Stopping:
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }
    }

    private Signal.RoundDue NextRound() => new Signal.RoundDue(_round + 1);

    private void Note(Signal.Subscribed subscribed, Outbox outbox)
    {
        var (link, did, topic, isSubscribed) = subscribed;
        if (!_peers.TryGetValue(link, out var peer))
        {
            if (!isSubscribed)
            {
                return;
            }

            _peers.Add(link, peer = new(did));
            _partitions.Return(did, outbox);
        }

        if (!isSubscribed)
        {
            peer.Topics.Remove(topic);
        }
        else if (peer.Topics.Add(topic) && _fresh.Add(link) && _fresh.Count == 1)
        {
            // A peer names its topics one by one: gather them into one round.
            outbox.After(options.Times.HeadsInterval, new Signal.RoundDue(FreshPeers));
        }
    }

    private void CompareFresh(Moment now, Outbox outbox)
    {
        var links = _fresh.ToArray();
        _fresh.Clear();
        foreach (var link in links.Where(IsAsked))
        {
            Begin(link, now, outbox);
        }
    }

    private void CompareNext(long round, Moment now, Outbox outbox)
    {
        if (round != _round + 1)
        {
            return;
        }

        _round = round;
        if (_cycle.Count == 0)
        {
            var links = _peers.Keys.Where(IsAsked).ToArray();
            random.Shuffle(links);
            links.ToList().ForEach(_cycle.Enqueue);
        }

        if (_cycle.TryDequeue(out var link) && IsAsked(link))
        {
            Begin(link, now, outbox);
        }

        // A tenth of jitter: a cluster started at once does not stay in step.
        outbox.After(
            options.Times.RoundInterval * (0.95 + random.NextDouble() / 10), NextRound());
    }

    /// <summary>
    /// A person who asks for a round gets it with anybody; we avoid some, while there are others.
    /// </summary>
    private bool IsAsked(Link link) =>
        !_peers.TryGetValue(link, out var peer)
        || !_quarantined.Contains(peer.Did)
        || _peers.Values.All(p => _quarantined.Contains(p.Did));

    private void Begin(Link link, Moment now, Outbox outbox)
    {
        if (!_peers.TryGetValue(link, out var peer)
            || peer.Topics.Count == 0
            || peer.Running is not null)
        {
            return;
        }

        var round = ++peer.LastRound;
        peer.Running = (round, now.Elapsed);
        outbox.Tell(new Signal.Compare(link, round));
        outbox.After(options.Times.RoundTimeout, new Signal.RoundExpired(link, round));
    }

    private void End(Signal.RoundEnded ended, Moment now, Outbox outbox)
    {
        if (!_peers.TryGetValue(ended.Link, out var peer) || peer.Running?.Round != ended.Round)
        {
            return;
        }

        var began = peer.Running.Value.Began;
        peer.Running = null;
        outbox.Count(!ended.IsEqual ? Tally.RoundsFailed
            : ended.TheyLacked + ended.WeLacked == 0 ? Tally.RoundsEqual
            : Tally.RoundsMended);
        var result = new SyncResult(
            peer.Did.ToString(), ended.IsEqual, ended.Outcome, ended.TheyLacked, ended.WeLacked,
            (now.Elapsed - began).TotalSeconds);
        outbox.Add(new Effect.Happened(new NodeEvent.Exchanged(result)));
        if (ended.IsEqual)
        {
            _partitions.Heal(peer.Did, now, outbox);
        }

        foreach (var call in _calls.ToArray())
        {
            Answer(call, ended.Link, result, outbox);
        }
    }

    private void Drop(Signal.PeerDown down, Moment now, Outbox outbox)
    {
        var link = down.Link;
        _fresh.Remove(link);
        if (!_peers.TryGetValue(link, out var peer))
        {
            return;
        }

        if (peer.Running is { Round: var round })
        {
            End(new(link, round, false, $"connection ended: {down.Reason}", 0, 0), now, outbox);
        }

        _peers.Remove(link);
        if (down.IsLeaving)
        {
            _partitions.Leave(peer.Did, outbox);
        }
        else if (!_peers.Values.Any(p => p.Did.Equals(peer.Did)))
        {
            _partitions.Lose(peer.Did, now, outbox);
        }
    }

    private void Sync(CallId id, Did? did, Moment now, Outbox outbox)
    {
        var links = _peers
            .Where(p => p.Value.Topics.Count > 0 && (did is null || p.Value.Did.Equals(did)))
            .Select(p => p.Key)
            .ToArray();
        foreach (var link in links)
        {
            Begin(link, now, outbox);
        }

        var call = new Call(id, [.. links], []);
        _calls.Add(call);
        FinishIfDone(call, outbox);
    }

    private void Answer(Call call, Link link, SyncResult result, Outbox outbox)
    {
        if (call.Waiting.Remove(link))
        {
            call.Results.Add(result);
            FinishIfDone(call, outbox);
        }
    }

    private void FinishIfDone(Call call, Outbox outbox)
    {
        if (call.Waiting.Count == 0)
        {
            _calls.Remove(call);
            outbox.Add(new Effect.SyncDone(call.Id, [.. call.Results]));
        }
    }

    /// <summary>A peer with topics that we carry too.</summary>
    private sealed class Comparee(Did did)
    {
        public Did Did => did;

        public SortedSet<TopicId> Topics { get; } = [];

        /// <summary>The one round that runs with it, if any.</summary>
        public (long Round, TimeSpan Began)? Running { get; set; }

        public long LastRound { get; set; }
    }

    /// <summary>Somebody outside waits for these links' rounds to end.</summary>
    private sealed record Call(CallId Id, HashSet<Link> Waiting, List<SyncResult> Results);
}
