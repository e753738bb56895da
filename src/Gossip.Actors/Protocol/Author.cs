using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What do we write next in one log? Numbers, chains and signs this node's own entries. Everything
/// that waits shares one entry: one signature and one commit for many publishes. A change of
/// policy is an entry of its own.
/// </summary>
internal sealed class Author(Self self, TopicId topic, IKeys keys, bool isPolicy)
{
    private readonly Queue<Signal.Publish> _waiting = [];
    private VectorClock _written = VectorClock.Zero;
    private long _time;

    /// <summary>The log that we write; null while nobody lets us.</summary>
    public LogId? Log { get; private set; }

    /// <summary>False while the head of our own log has not been read back.</summary>
    public bool IsReady { get; private set; }

    public bool HasWork => IsReady && _waiting.Count > 0;

    /// <summary>Nobody waits for an entry.</summary>
    public bool IsIdle => _waiting.Count == 0;

    /// <summary>Of its last entry; what follows is not earlier.</summary>
    public long Time => _time;

    /// <summary>From now on it writes this log; what is held of it is read back first.</summary>
    public void Open(LogId? log, IReadOnlyDictionary<LogId, LogState> logs, Outbox outbox)
    {
        if (log == Log && IsReady)
        {
            return;
        }

        (Log, _written) = (log, VectorClock.Zero);
        IsReady = log is null || !logs.TryGetValue(log, out var state) || state.Holdings.Last == 0;
        if (!IsReady)
        {
            // Its time must not run backwards, and its id must be the one we go on from.
            var head = logs[log!].Holdings.Head;
            outbox.Add(new Effect.Load(topic, log!, new SeqRange(head, head)));
        }
    }

    /// <summary>The head of our own log, read back.</summary>
    public void Take(SignedHeader head, LogState state)
    {
        Invariant.Holds(head.Id == state.HeadId, $"the store's head of {state.Log} is not its own");
        (_time, IsReady) = (Math.Max(_time, head.Header.Time), true);
    }

    public void Enqueue(Signal.Publish publish) => _waiting.Enqueue(publish);

    /// <summary>The next publish, when it ends a log that nothing was written to.</summary>
    public Signal.Publish? TakeNeedlessEnd(IReadOnlyDictionary<LogId, LogState> logs) =>
        _waiting.Peek().IsEnd && !logs.ContainsKey(Log!) ? _waiting.Dequeue() : null;

    /// <summary>What waits, when it must not be written after all.</summary>
    public IEnumerable<Signal.Publish> TakeAll()
    {
        while (_waiting.TryDequeue(out var publish))
        {
            yield return publish;
        }
    }

    /// <summary>The next entry, from as many waiting publishes as it holds.</summary>
    public (Entry Entry, ImmutableArray<Signal.Publish> Publishes) Write(
        IReadOnlyDictionary<LogId, LogState> logs,
        VectorClock delivered,
        Moment now)
    {
        var publishes = TakePublishes();
        var list = EntryFormat.EncodePayloads(publishes.SelectMany(p => p.Payloads));
        var state = logs.GetValueOrDefault(Log!) ?? new(Log!);
        var seq = state.Holdings.Last + 1;
        Invariant.Holds(state.Holdings.Islands.IsEmpty, $"our own log {Log} has a gap");
        _time = Math.Max(_time, now.UnixMilliseconds);
        var header = new Header
        {
            Network = self.Network,
            Topic = topic,
            Log = Log!,
            Seq = seq,
            Prev = seq == 1 ? EntryId.None : state.HeadId,
            Clock = ClockFor(seq, delivered, logs),
            Time = _time,
            PayloadCount = publishes.Sum(p => p.Payloads.Length),
            PayloadBytes = list.Length,
            PayloadHash = Hash.OfBytes(list),
            IsEnd = publishes.All(p => p.IsEnd),
            IsPolicy = isPolicy,
            Erases = publishes[0].Erases,
        };
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        return (new(new(header, id, bytes, keys.Sign(id)), list), publishes);
    }

    /// <summary>
    /// One call's payloads share one entry; whoever calls must know before it waits.
    /// </summary>
    public static bool FitsOneEntry(ImmutableArray<Payload> payloads) =>
        default(Room).With(payloads).IsEnough;

    private ImmutableArray<Signal.Publish> TakePublishes()
    {
        var taken = ImmutableArray.CreateBuilder<Signal.Publish>();
        var room = default(Room);
        while (_waiting.TryPeek(out var next))
        {
            room = room.With(next.Payloads);
            if (taken.Count > 0
                && (isPolicy || next.Erases || taken[0].Erases || !room.IsEnough
                    || next.IsEnd != taken[0].IsEnd))
            {
                break;
            }

            taken.Add(_waiting.Dequeue());
        }

        return taken.DrainToImmutable();
    }

    /// <summary>
    /// What changed since our last entry; everything in the first after a start, too. Components
    /// that find no room are left out: that weakens causality, never admission.
    /// </summary>
    private ImmutableArray<Dependency> ClockFor(
        long seq,
        VectorClock delivered,
        IReadOnlyDictionary<LogId, LogState> logs)
    {
        var isWhole = seq == 1 || seq % Header.FullClockEvery == 0;
        var changed = delivered.Since(isWhole ? VectorClock.Zero : _written);
        _written = delivered;
        return ClockOf(changed, Log!, logs);
    }

    public static ImmutableArray<Dependency> ClockOf(
        IEnumerable<KeyValuePair<LogId, long>> components,
        LogId log,
        IReadOnlyDictionary<LogId, LogState> logs) =>
    [
        .. components
            .Where(c => c.Key != log && logs[c.Key].DeliveredId != EntryId.None)
            .Take(Limits.ClockComponentsMax)
            .Select(c => new Dependency(c.Key, c.Value, logs[c.Key].DeliveredId.Hash.Prefix)),
    ];

    /// <summary>What payloads take in a list: at most what is counted here.</summary>
    private readonly record struct Room(int Payloads, int Fields, long Bytes)
    {
        public bool IsEnough => Payloads <= Limits.PayloadsPerEntryMax
            && Fields <= Limits.PayloadFieldsMax
            && Bytes <= Limits.PayloadListBytesMax;

        public Room With(ImmutableArray<Payload> payloads)
        {
            var (fields, bytes) = (Fields, Bytes);
            foreach (var payload in payloads)
            {
                fields += 2 + 3 * payload.Headers.Length;
                bytes += BytesOf(payload);
            }

            return new(Payloads + payloads.Length, fields, bytes);
        }

        /// <summary>
        /// UTF-8 takes at most three bytes a character; tags and lengths at most 16.
        /// </summary>
        private static long BytesOf(Payload payload) => payload.Data.Length + 16L
            + (payload.Headers.IsEmpty
                ? 0
                : payload.Headers.Sum(h => 3L * (h.Key.Length + h.Value.Length) + 16));
    }
}
