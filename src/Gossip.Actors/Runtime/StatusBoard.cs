using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What can people see? The newest view of each machine, counters, the last refusals.
/// </summary>
internal sealed class StatusBoard
{
    private const int RefusalsKept = 100;

    private readonly long[] _refused = new long[Enum.GetValues<RefusalCode>().Length];
    private readonly long[] _tallies = new long[Enum.GetValues<Tally>().Length];
    private readonly ConcurrentQueue<string> _refusals = new();
    private readonly ConcurrentDictionary<TopicId, View.Topic> _topics = new();
    private readonly ConcurrentDictionary<TopicId, View.Delivery> _deliveries = new();
    private readonly ConcurrentDictionary<TopicId, PolicyView> _policies = new();
    private readonly long[] _exceeded = new long[Enum.GetValues<LimitKind>().Length];
    private readonly long[] _toldAt = new long[Enum.GetValues<LimitKind>().Length];
    private long _restarts;

    public ImmutableArray<PeerView> Peers { get; private set; } = [];

    public Standings Standings { get; } = new();

    /// <summary>Processes with this node's key that said hello.</summary>
    public ImmutableArray<TwinView> Twins { get; private set; } = [];

    public ImmutableArray<PartitionView> Partitions { get; private set; } = [];

    public ImmutableArray<string> Refusals => [.. _refusals];

    public ImmutableSortedDictionary<string, long> Counters =>
        Enum.GetValues<RefusalCode>()
            .Select(c => KeyValuePair.Create($"refused.{Kebab(c)}", Read(_refused, (int)c)))
            .Concat(Enum.GetValues<Tally>()
                .Select(t => KeyValuePair.Create(Kebab(t), Read(_tallies, (int)t))))
            .Append(KeyValuePair.Create("restarts", Interlocked.Read(ref _restarts)))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Null while no bound made anybody look.</summary>
    public View.Stored? Stored { get; private set; }

    public View.Topic? TopicOf(TopicId topic) => _topics.GetValueOrDefault(topic);

    public View.Delivery? DeliveryOf(TopicId topic) => _deliveries.GetValueOrDefault(topic);

    /// <summary>Beats when a topic's policy says something new.</summary>
    public Pulse PolicyChanges { get; } = new();

    public PolicyView? PolicyOf(TopicId topic) => _policies.GetValueOrDefault(topic);

    public void CountRestart() => Interlocked.Increment(ref _restarts);

    public void Count(Tally tally, long amount) =>
        Interlocked.Add(ref _tallies[(int)tally], amount);

    public void Refuse(RefusalCode code, string detail)
    {
        Interlocked.Increment(ref _refused[(int)code]);
        _refusals.Enqueue($"{Kebab(code)}: {detail}");
        while (_refusals.Count > RefusalsKept)
        {
            _refusals.TryDequeue(out _);
        }
    }

    /// <summary>How often a limit was reached.</summary>
    public long Exceeded(LimitKind limit) => Read(_exceeded, (int)limit);

    public void Exceed(LimitKind limit, long amount) =>
        Interlocked.Add(ref _exceeded[(int)limit], amount);

    /// <summary>Whether it is told, not only counted: a flood is no flood of lines.</summary>
    public bool IsTold(LimitKind limit, TimeSpan now)
    {
        // From 1 on, so that 0 is never.
        var second = (long)now.TotalSeconds + 1;
        return Interlocked.Exchange(ref _toldAt[(int)limit], second) != second;
    }

    public void Show(View view)
    {
        switch (view)
        {
            case View.Peers(var all):
                Peers = all;
                break;
            case View.Twins(var all):
                Twins = all;
                break;
            case View.Partitions(var all):
                Partitions = all;
                break;
            case View.Standings standings:
                Standings.Show(standings);
                break;
            case View.OfPeer peer:
                Standings.Show(peer);
                break;
            case View.Topic topic:
                _topics[topic.Id] = topic;
                break;
            case View.Policy(var topic, var said):
                _policies[topic] = said;
                PolicyChanges.Beat();
                break;
            case View.Stored stored:
                Stored = stored;
                break;
            case View.Delivery delivery:
                _deliveries[delivery.Id] = delivery;
                break;
        }
    }

    public static string Kebab<T>(T value) where T : struct, Enum => string.Concat(
        value.ToString().Select((c, i) => char.IsUpper(c)
            ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c)
            : c.ToString()));

    private static long Read(long[] counters, int index) =>
        Interlocked.Read(ref counters[index]);
}
