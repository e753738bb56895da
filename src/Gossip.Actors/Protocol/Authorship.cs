namespace Gossip.Actors.Protocol;

/// <summary>
/// Which logs does this node write in this topic? One of entries, and one of policy where it has a
/// seat: both under one incarnation, each under what the policy admits it to now.
/// </summary>
internal sealed class Authorship
{
    private readonly Self _self;
    private readonly Func<ulong> _draw;
    private readonly IReadOnlyDictionary<LogId, LogState> _logs;
    private readonly Policy _policy;
    private ulong _incarnation;
    private ulong? _stored;

    public Authorship(
        Self self,
        TopicId topic,
        IKeys keys,
        Func<ulong> draw,
        IReadOnlyDictionary<LogId, LogState> logs,
        Policy policy)
    {
        (_self, _draw, _logs, _policy) = (self, draw, logs, policy);
        _incarnation = draw();
        Content = new(self, topic, keys, isPolicy: false);
        Policy = new(self, topic, keys, isPolicy: true);
    }

    /// <summary>What users publish.</summary>
    public Author Content { get; }

    /// <summary>Changes of the topic's policy.</summary>
    public Author Policy { get; }

    public bool HasWork => Content.HasWork || Policy.HasWork;

    public bool IsIdle => Content.IsIdle && Policy.IsIdle;

    public bool IsOurs(LogId log) => log == Content.Log || log == Policy.Log;

    /// <summary>
    /// Continues under the incarnation that the store remembers, if that is safe.
    /// </summary>
    public void Resume(ulong? incarnation, Outbox outbox)
    {
        var fresh = _incarnation;
        (_incarnation, _stored) = (incarnation ?? fresh, incarnation);
        if (!CanGoOn(ContentLog) || !CanGoOn(PolicyLog))
        {
            _incarnation = fresh;
        }

        Open(outbox);
    }

    /// <summary>
    /// What the policy lets us write may have changed. A log that is closed, or has a gap, is not
    /// gone on with: what comes next is written under a new incarnation.
    /// </summary>
    public void Follow(Outbox outbox)
    {
        if (!CanGoOn(ContentLog) || !CanGoOn(PolicyLog))
        {
            _incarnation = _draw();
        }

        Open(outbox);
    }

    /// <summary>
    /// Gives the logs up: someone else wrote one too, or the store is a copy. What comes next is
    /// written under a new incarnation, so no number is ever used twice.
    /// </summary>
    public void Renounce(Outbox outbox)
    {
        _incarnation = _draw();
        Open(outbox);
        outbox.Count(Tally.IncarnationsBegun);
    }

    /// <summary>False when this is not the head of a log of ours that is read back.</summary>
    public bool Take(Signal.Loaded loaded)
    {
        var author = loaded.Log == Content.Log ? Content
            : loaded.Log == Policy.Log ? Policy
            : null;
        if (author is null or { IsReady: true })
        {
            return false;
        }

        author.Take(loaded.Headers.Single(), _logs[loaded.Log]);
        return true;
    }

    /// <summary>The incarnation, when the store does not know it yet: for the next batch.</summary>
    public ulong? TakeUnstored()
    {
        var unstored = _stored == _incarnation ? (ulong?)null : _incarnation;
        _stored = _incarnation;
        return unstored;
    }

    /// <summary>
    /// True when what waits was answered without an entry: the policy does not allow it, or it
    /// ends a log that nothing was written to.
    /// </summary>
    public bool Answer(Author author, Outbox outbox)
    {
        if (Decline(author, outbox))
        {
            return true;
        }

        if (author.TakeNeedlessEnd(_logs) is { } end)
        {
            outbox.Add(new Effect.Acknowledge(end.Call, []));
            return true;
        }

        return false;
    }

    private bool Decline(Author author, Outbox outbox)
    {
        if (author.Log is null)
        {
            return Decline(author, "write-refused",
                "The topic's policy does not let this node write here: ask its owner.", outbox);
        }

        var last = _policy.Rights.RulingOn(author.Log).Last;
        return _logs.TryGetValue(author.Log, out var state) && state.Holdings.Last >= last
            && Decline(author, "log-full",
                $"This node's log holds the {last} entries that its invitation allows: ask the "
                + "topic's owner for a new one.", outbox);
    }

    private static bool Decline(Author author, string code, string reason, Outbox outbox)
    {
        var declined = author.TakeAll().ToArray();
        foreach (var publish in declined)
        {
            outbox.Add(new Effect.Decline(publish.Call, code, reason));
        }

        return declined.Length > 0;
    }

    private void Open(Outbox outbox)
    {
        Content.Open(ContentLog, _logs, outbox);
        Policy.Open(PolicyLog, _logs, outbox);
    }

    private LogId? ContentLog => _policy.Rights.WritesUnder(_self.Did) is { } admission
        ? new(_self.Did, _incarnation, admission)
        : null;

    private LogId? PolicyLog => _policy.Rights.SeatOf(_self.Did) is { } seat
        ? new(_self.Did, _incarnation, seat.Admission)
        : null;

    private bool CanGoOn(LogId? log) =>
        log is null || !_logs.TryGetValue(log, out var state) || state.CanGoOn;
}
