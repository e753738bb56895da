using Gossip.Host.Api;

namespace Gossip.Crash;

/// <summary>How many kills, and what did the nodes that died count and refuse?</summary>
internal sealed class Toll
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _refusals = new(StringComparer.Ordinal);

    /// <summary>The nodes' counters that are not zero, summed over all lives.</summary>
    public SortedDictionary<string, long> Counters { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Refusals => _refusals.Values;

    /// <summary>Kills that cut at least one publish short.</summary>
    public int MidPublish { get; private set; }

    public int WhileStarting { get; private set; }

    public void Killed(CrashNode node)
    {
        lock (_gate)
        {
            MidPublish += node.Undecided.IsEmpty ? 0 : 1;
        }
    }

    public void KilledWhileStarting()
    {
        lock (_gate)
        {
            WhileStarting++;
        }
    }

    /// <summary>Ask before the kill: a life's counters die with it.</summary>
    public async Task CountAsync(CrashNode node, CancellationToken stop)
    {
        var status = await node.Client.GetAsync("/status", ApiJson.Shared.StatusShape, stop);
        lock (_gate)
        {
            foreach (var refusal in status.RecentRefusals)
            {
                _refusals.TryAdd(refusal.Split(':')[0], $"node {node.Index + 1}: {refusal}");
            }

            foreach (var (name, value) in status.Counters.Where(counter => counter.Value != 0))
            {
                Counters[name] = Counters.GetValueOrDefault(name) + value;
            }
        }
    }
}
