using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Who stands how, as reputation last said? Read by whoever opens a connection, and by people.
/// </summary>
internal sealed class Standings
{
    private readonly ConcurrentDictionary<Did, PeerReputation> _all = new();

    public void Show(View.Standings view)
    {
        foreach (var did in _all.Keys.Where(did => !view.All.ContainsKey(did)))
        {
            _all.TryRemove(did, out _);
        }

        foreach (var (did, reputation) in view.All)
        {
            _all[did] = reputation;
        }
    }

    public void Show(View.OfPeer view)
    {
        if (view.Reputation == PeerReputation.Unknown)
        {
            _all.TryRemove(view.Did, out _);
        }
        else
        {
            _all[view.Did] = view.Reputation;
        }
    }

    public PeerReputation Of(Did did) => _all.GetValueOrDefault(did, PeerReputation.Unknown);

    /// <summary>
    /// Every peer with how it stands now; who is known for nothing else stands at the end.
    /// </summary>
    public ImmutableArray<PeerView> Beside(
        ImmutableArray<PeerView> peers, TimeSpan halfLife, long unixMilliseconds)
    {
        var known = _all.ToDictionary(
            p => p.Key.ToString(),
            p => p.Value.At(unixMilliseconds, halfLife),
            StringComparer.Ordinal);
        var met = peers.Select(p => p.Did).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return
        [
            .. peers.Select(p => p.Did is { } did && known.TryGetValue(did, out var reputation)
                ? p with { Reputation = reputation }
                : p),
            .. known.Where(k => !met.Contains(k.Key))
                .OrderBy(k => k.Key, StringComparer.Ordinal)
                .Select(k => new PeerView(k.Key, "", "away", 0, 0, 0, null)
                {
                    Reputation = k.Value,
                }),
        ];
    }
}
