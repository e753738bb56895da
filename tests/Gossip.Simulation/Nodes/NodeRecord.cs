using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// What came out of one node, over all its restarts: answers, counters, views, credit.
/// </summary>
public sealed class NodeRecord
{
    private readonly SortedDictionary<Tally, long> _tallies = [];
    private readonly SortedDictionary<RefusalCode, long> _refusals = [];
    private readonly Dictionary<Link, (long Received, long Returned)> _credit = [];
    private readonly Dictionary<Did, PeerReputation> _standings = [];

    public Dictionary<CallId, ImmutableArray<Receipt>> Receipts { get; } = [];

    /// <summary>Publishes that were told that they failed; some may be durable yet.</summary>
    public HashSet<CallId> Failed { get; } = [];

    public Dictionary<CallId, ImmutableArray<SyncResult>> Syncs { get; } = [];

    public Dictionary<TopicId, View.Topic> Topics { get; } = [];

    public Dictionary<TopicId, View.Delivery> Deliveries { get; } = [];

    /// <summary>Where logs are closed, as the store knows.</summary>
    public Dictionary<(TopicId Topic, LogId Log), long> Closed { get; } = [];

    public View.Peers Peers { get; private set; } = new([]);

    /// <summary>The links whose peers carry a topic of ours.</summary>
    public HashSet<Link> Subscribers { get; } = [];

    public List<string> Refusals { get; } = [];

    /// <summary>Bytes received and not given back, over all links that are open.</summary>
    public long CreditOut => _credit.Values.Sum(c => c.Received - c.Returned);

    public long this[Tally tally] => _tallies.GetValueOrDefault(tally);

    public long this[RefusalCode code] => _refusals.GetValueOrDefault(code);

    /// <summary>The highest score that this node ever gave anybody.</summary>
    public double ScoreMax { get; private set; }

    public PeerReputation StandingOf(Did did) =>
        _standings.GetValueOrDefault(did, PeerReputation.Unknown);

    public void Receive(Link link, int bytes)
    {
        var (received, returned) = _credit.GetValueOrDefault(link);
        _credit[link] = (received + bytes, returned);
    }

    public void Forget(Link link) => _credit.Remove(link);

    public void ForgetLinks()
    {
        _credit.Clear();
        Subscribers.Clear();
    }

    public void Note(Effect effect)
    {
        switch (effect)
        {
            case Effect.Acknowledge(var call, var receipts):
                Receipts.Add(call, receipts);
                break;
            case Effect.SyncDone(var call, var results):
                Syncs.Add(call, results);
                break;
            case Effect.Tell(Signal.Subscribed(var link, _, _, true)):
                Subscribers.Add(link);
                break;
            case Effect.Tell(Signal.PeerDown(var link, _)):
                Subscribers.Remove(link);
                break;
            case Effect.Count(var tally, var amount):
                _tallies[tally] = this[tally] + amount;
                break;
            case Effect.Refuse(var code, var detail):
                _refusals[code] = this[code] + 1;
                Refusals.Add($"{code}: {detail}");
                break;
            case Effect.Show(View.Topic view):
                Topics[view.Id] = view;
                break;
            case Effect.Show(View.Delivery view):
                Deliveries[view.Id] = view;
                break;
            case Effect.Show(View.Standings view):
                _standings.Clear();
                foreach (var (did, reputation) in view.All)
                {
                    _standings[did] = reputation;
                }

                break;
            case Effect.Show(View.OfPeer view):
                _standings[view.Did] = view.Reputation;
                ScoreMax = Math.Max(ScoreMax, view.Reputation.Score);
                break;
            case Effect.Show(View.Peers view):
                Peers = view;
                break;
        }
    }

    public void Return(Link link, long bytes)
    {
        if (_credit.TryGetValue(link, out var credit))
        {
            Broken.Unless(
                credit.Returned + bytes <= credit.Received,
                $"{link} was given back more than was received");
            _credit[link] = (credit.Received, credit.Returned + bytes);
        }
    }
}
