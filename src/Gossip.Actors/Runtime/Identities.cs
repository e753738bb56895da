using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Who is connected, with how many links, and what may it still make us do? An identity that left
/// is remembered until its allowance is full again.
/// </summary>
internal sealed class Identities(GossipOptions options, NodeClock clock)
{
    /// <summary>Looked through for those who can be forgotten when this many are known.</summary>
    private const int SweptAt = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<Did, SharedAllowance> _known = [];
    private readonly SharedBucket _verifications = new(options.Rates.Verifications, options.Rates);
    private int _sweptAt = SweptAt;

    /// <summary>What one more link of it shares; null when it has enough.</summary>
    public SharedAllowance? Enter(Did identity)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(identity, out var known))
            {
                Sweep();
                known = new(options.Rates, options.Sizes, _verifications, clock);
                _known.Add(identity, known);
            }

            if (known.Links >= options.Sizes.ConnectionsPerIdentityMax)
            {
                return null;
            }

            known.Links++;
            return known;
        }
    }

    public void Leave(Did identity)
    {
        lock (_gate)
        {
            _known[identity].Links--;
        }
    }

    /// <summary>The one with the most links.</summary>
    public (Did? Who, int Links) Busiest
    {
        get
        {
            lock (_gate)
            {
                var (who, known) = _known.DefaultIfEmpty().MaxBy(k => k.Value?.Links ?? 0);
                return (known is { Links: > 0 } ? who : null, known?.Links ?? 0);
            }
        }
    }

    public long VerificationsAsked => _verifications.Asked(clock.Now);

    /// <summary>Of each rate, who asked for most in the last second.</summary>
    public Dictionary<LimitKind, (Did Who, long Asked)> Worst()
    {
        KeyValuePair<Did, SharedAllowance>[] all;
        lock (_gate)
        {
            all = [.. _known];
        }

        var worst = new Dictionary<LimitKind, (Did Who, long Asked)>();
        foreach (var (who, allowance) in all)
        {
            foreach (var (limit, asked) in allowance.Asked())
            {
                if (asked > 0 && asked > worst.GetValueOrDefault(limit).Asked)
                {
                    worst[limit] = (who, asked);
                }
            }
        }

        return worst;
    }

    /// <summary>Each time twice as many are known as were left, so that it costs little.</summary>
    private void Sweep()
    {
        if (_known.Count < _sweptAt)
        {
            return;
        }

        foreach (var (identity, known) in _known.ToArray())
        {
            if (known.Links == 0 && known.IsRested())
            {
                _known.Remove(identity);
            }
        }

        _sweptAt = Math.Max(SweptAt, 2 * _known.Count);
    }
}
