namespace Gossip.Actors.Protocol;

/// <summary>
/// How does a key hand this topic over to the next? It ends every log that it writes here, under
/// everything it was admitted to, and each end names the successor; where nothing was written, the
/// end is a log's first entry. All of it goes with one batch: it is done, or it is not.
/// </summary>
internal sealed class Handover(
    Self self,
    TopicId topic,
    IKeys keys,
    Func<ulong> draw,
    IReadOnlyDictionary<LogId, LogState> logs,
    Policy policy,
    Authorship own)
{
    private Signal.Rotate? _asked;

    /// <summary>Whoever publishes already is served first.</summary>
    public bool IsDue => _asked is not null && own.IsIdle;

    public void Ask(Signal.Rotate asked, Outbox outbox)
    {
        if (_asked is not null)
        {
            outbox.Add(new Effect.Decline(
                asked.Call, "topic-busy", "This topic is handed over to a new key already: wait."));
            return;
        }

        _asked = asked;
    }

    /// <summary>
    /// The entries that end our logs; none where it was done before. The caller plans them, and
    /// <paramref name="call"/> is answered with them once they are durable.
    /// </summary>
    public Entry[] Write(VectorClock delivered, Moment now, out CallId call)
    {
        var (_, asking, successor) = _asked!;
        (call, _asked) = (asking, null);
        return [.. Open().Select(log => End(log, successor, delivered, now))];
    }

    /// <summary>The logs to end, as things stand before the first of them does.</summary>
    private LogId[] Open() =>
    [
        .. policy.Rights.RotatesUnder(self.Did).SelectMany(admission =>
        {
            LogId[] open = [.. logs.Values
                .Where(s => s.Log.Author.Equals(self.Did) && s.Log.Admission == admission
                    && s.CanGoOn && s.Holdings.Last > 0)
                .Select(s => s.Log)];
            return open.Length > 0 || policy.IsRotated(admission, self.Did)
                ? open
                : [new LogId(self.Did, draw(), admission)];
        }),
    ];

    private Entry End(LogId log, IKeys successor, VectorClock delivered, Moment now)
    {
        var state = logs.GetValueOrDefault(log) ?? new(log);
        var (seq, prev) = (state.Holdings.Last + 1, state.HeadId);
        var statement = Rotation.StatementOf(self.Network, topic, log, seq, prev);
        var header = new Header
        {
            Network = self.Network,
            Topic = topic,
            Log = log,
            Seq = seq,
            Prev = prev,
            Clock = Author.ClockOf(delivered.Since(VectorClock.Zero), log, logs),
            Time = Math.Max(now.UnixMilliseconds, Math.Max(own.Content.Time, own.Policy.Time)),
            PayloadCount = 0,
            PayloadBytes = 0,
            PayloadHash = Hash.OfBytes([]),
            IsEnd = true,
            IsPolicy = policy.Rights.RulingOn(log).IsPolicyLog,
            Rotation = new(successor.Self, successor.Sign(statement)),
        };
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        return new(new(header, id, bytes, keys.Sign(id)), Array.Empty<byte>());
    }
}
