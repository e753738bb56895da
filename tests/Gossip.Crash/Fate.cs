using System.Collections.Concurrent;

namespace Gossip.Crash;

/// <summary>What happens to a node that is killed.</summary>
internal enum Fate
{
    /// <summary>It comes back on its data.</summary>
    Restart,

    /// <summary>It comes back with its key alone: the same identity, nothing held.</summary>
    LoseStore,

    /// <summary>It comes back with nothing: another identity.</summary>
    LoseAll,
}

/// <summary>Which kills are still to be done, and which nodes may be killed?</summary>
internal sealed class Fates
{
    private readonly ConcurrentQueue<Fate> _fates;
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly List<CrashNode> _free;

    public Fates(CrashSettings settings, IEnumerable<CrashNode> nodes)
    {
        _random = new(settings.Seed);
        _free = [.. nodes];
        Fate[] all =
        [
            .. Enumerable.Repeat(Fate.Restart, settings.Kills),
            .. Enumerable.Range(0, settings.Destroys).Select(
                i => i % 2 == 0 ? Fate.LoseStore : Fate.LoseAll),
        ];
        _random.Shuffle(all);
        _fates = new(all);
    }

    /// <summary>The next kill and a node that no other kill has at hand; null at the end.</summary>
    public (Fate Fate, CrashNode Node)? Take()
    {
        lock (_gate)
        {
            if (!_fates.TryDequeue(out var fate))
            {
                return null;
            }

            var node = _free[_random.Next(_free.Count)];
            _free.Remove(node);
            return (fate, node);
        }
    }

    public void Return(CrashNode node)
    {
        lock (_gate)
        {
            _free.Add(node);
        }
    }
}
