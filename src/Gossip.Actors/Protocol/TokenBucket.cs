namespace Gossip.Actors.Protocol;

/// <summary>
/// How much more may come now? It fills at a steady rate up to a burst; whatever comes takes from
/// it, and what was asked of it in the last whole second can be read.
/// </summary>
/// <remarks>Whole numbers only: the same inputs give the same answers on every machine.</remarks>
internal sealed class TokenBucket(long perSecond, long burst)
{
    // In parts of a token, as many as a second has ticks: then a tick adds perSecond of them.
    private const long Parts = TimeSpan.TicksPerSecond;

    private readonly long _full = checked(burst * Parts);
    private long _level = checked(burst * Parts);
    private TimeSpan _at;
    private long _second;
    private long _askedNow;
    private long _askedBefore;

    public long PerSecond => perSecond;

    /// <summary>As many of these as fit; the rest is over the limit.</summary>
    public long Take(long amount, TimeSpan now)
    {
        Fill(now, amount);
        var taken = Math.Clamp(_level / Parts, 0, amount);
        _level -= taken * Parts;
        return taken;
    }

    /// <summary>Takes all of it, and says how long until nothing is owed.</summary>
    public TimeSpan Owe(long amount, TimeSpan now)
    {
        Fill(now, amount);
        _level -= amount * Parts;
        return _level >= 0
            ? TimeSpan.Zero
            : TimeSpan.FromTicks((-_level + perSecond - 1) / perSecond);
    }

    /// <summary>Asked for in the last whole second, whether it was there or not.</summary>
    public long AskedPerSecond(TimeSpan now)
    {
        Fill(now, 0);
        return _askedBefore;
    }

    /// <summary>Nobody has taken anything for so long that it is as if new.</summary>
    public bool IsFull(TimeSpan now)
    {
        Fill(now, 0);
        return _level == _full;
    }

    private void Fill(TimeSpan now, long asked)
    {
        var elapsed = Math.Max(0, (now - _at).Ticks);
        _at += TimeSpan.FromTicks(elapsed);

        // Compared before it is multiplied: a long silence would not fit a number.
        var lacking = _full - _level;
        _level = elapsed >= lacking / perSecond + 1 ? _full : _level + elapsed * perSecond;
        _level = Math.Min(_level, _full);

        var second = _at.Ticks / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            _askedBefore = second == _second + 1 ? _askedNow : 0;
            (_second, _askedNow) = (second, 0);
        }

        _askedNow += asked;
    }
}
