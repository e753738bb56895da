using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// In which order are entries delivered here? Causally: each after everything its author had
/// delivered when it wrote. Only the next entry of a log can be deliverable, so one header per
/// blocked log is all it remembers.
/// Source: Birman, Schiper, Stephenson 1991, with dependencies named by (log, seq, id).
/// </summary>
internal sealed class Delivery(
    TopicId topic,
    long position,
    IReadOnlyDictionary<LogId, LogState> logs,
    Policy policy)
{
    /// <summary>Headers read at once for a log that falls behind; bounds memory per log.</summary>
    private const int LoadMax = 256;

    /// <summary>People are shown this many blocked entries at most.</summary>
    private const int ShownMax = 100;

    private readonly Dictionary<Dot, SignedHeader> _known = [];
    private readonly SortedDictionary<LogId, Blocked> _blocked = [];
    private readonly Dictionary<LogId, SortedSet<LogId>> _waitingOn = [];
    private readonly SortedSet<LogId> _unread = [];
    private readonly HashSet<LogId> _loading = [];
    private readonly List<Dot> _late = [];

    /// <summary>The last position given out.</summary>
    public long Position { get; private set; } = position;

    /// <summary>What is delivered here: the causal past of whatever we write next.</summary>
    public VectorClock Clock { get; private set; } = VectorClock.Of(
        logs.Select(l => KeyValuePair.Create(l.Key, l.Value.Delivered)));

    public ImmutableArray<BlockedView> BlockedViews =>
        [.. _blocked.Values.Take(ShownMax).Select(b => new BlockedView(b.Header.Header.Dot, b.On))];

    /// <summary>Logs whose next entry waits for another log.</summary>
    public IEnumerable<LogId> BlockedLogs => _blocked.Keys;

    /// <summary>
    /// Delivers what has become deliverable in these logs, and what waited for it.
    /// </summary>
    public ImmutableArray<Placement> Advance(IEnumerable<LogId> touched)
    {
        var placements = ImmutableArray.CreateBuilder<Placement>();
        foreach (var dot in _late.Where(dot => logs[dot.Log].Holds(dot.Seq)))
        {
            placements.Add(new(dot, ++Position) { IsLate = true });
        }

        _late.Clear();
        var queue = new Queue<LogId>(touched);
        var news = queue.ToHashSet();
        while (queue.TryDequeue(out var log))
        {
            // What changed in a log may settle others without a delivery: its closure, or an id
            // that is not the one they name. Once each, or two logs could wake each other for ever.
            if ((Deliver(log, placements) || news.Remove(log))
                && _waitingOn.Remove(log, out var waiting))
            {
                waiting.ToList().ForEach(queue.Enqueue);
            }
        }

        return placements.DrainToImmutable();
    }

    /// <summary>A header at hand: it spares reading it back.</summary>
    public void Know(SignedHeader header)
    {
        if (logs.TryGetValue(header.Header.Log, out var state)
            && header.Header.Seq > state.Delivered)
        {
            _known[header.Header.Dot] = header;
        }
    }

    /// <summary>
    /// It turned up after its log had gone on without it: it is delivered as it comes, unless a
    /// closure or retention takes it away before.
    /// </summary>
    public void AddLate(Dot dot) => _late.Add(dot);

    public void Take(LogId log, ImmutableArray<SignedHeader> headers)
    {
        _loading.Remove(log);
        headers.ToList().ForEach(Know);
    }

    /// <summary>
    /// Headers are at hand for one batch only: memory does not follow the backlog.
    /// </summary>
    public void Forget() => _known.Clear();

    /// <summary>Reads the headers that come next; once everything told so far is durable.</summary>
    public void Read(Outbox outbox)
    {
        foreach (var state in _unread.Select(log => logs[log]))
        {
            var next = state.NextToDeliver;
            if (next <= state.Holdings.Head && _loading.Add(state.Log))
            {
                var last = Math.Min(state.Holdings.Head, next + LoadMax - 1);
                outbox.Add(new Effect.Load(topic, state.Log, new SeqRange(next, last)));
            }
        }

        _unread.Clear();
    }

    /// <summary>True when at least one entry of the log was delivered.</summary>
    private bool Deliver(LogId log, ImmutableArray<Placement>.Builder placements)
    {
        var state = logs[log];
        var before = state.Delivered;
        _blocked.Remove(log, out var blocked);
        while (state.NextToDeliver <= state.Holdings.Head)
        {
            var dot = new Dot(log, state.NextToDeliver);
            if (NextOf(dot, blocked) is not { } header)
            {
                _unread.Add(log);
                break;
            }

            if (FirstUnsettled(header.Header) is { } dependency)
            {
                _blocked[log] = new(header, new(dependency.Log, dependency.Seq));
                Wait(log, dependency.Log);
                break;
            }

            _known.Remove(dot);
            state.Deliver(dot.Seq, header.Id);
            placements.Add(new(dot, ++Position));
        }

        if (Clock.Get(log) != state.Delivered)
        {
            Clock = Clock.With(log, state.Delivered);
        }

        return state.Delivered > before;
    }

    private SignedHeader? NextOf(Dot dot, Blocked? blocked) =>
        blocked?.Header.Header.Dot == dot ? blocked.Header : _known.GetValueOrDefault(dot);

    private void Wait(LogId log, LogId on)
    {
        if (!_waitingOn.TryGetValue(on, out var waiting))
        {
            _waitingOn[on] = waiting = [];
        }

        waiting.Add(log);
    }

    private Dependency? FirstUnsettled(Header header)
    {
        foreach (var dependency in header.Clock)
        {
            if (!IsSettled(dependency))
            {
                return dependency;
            }
        }

        return null;
    }

    /// <summary>
    /// Delivered or lost up to it; or, where its log is closed, up to the closure; or the policy
    /// refuses the log; or the very slot holds another id, so that what the author saw will never
    /// count here. See the glossary, "settled".
    /// </summary>
    private bool IsSettled(Dependency dependency)
    {
        if (!logs.TryGetValue(dependency.Log, out var state))
        {
            return policy.Rights.RulingOn(dependency.Log).End <= 1;
        }

        return state.NextToDeliver > Math.Min(dependency.Seq, state.End - 1)
            || (state.IdAt(dependency.Seq) is { } id && id.Hash.Prefix != dependency.IdPrefix)
            || (_blocked.TryGetValue(dependency.Log, out var blocked)
                && blocked.Header.Header.Seq == dependency.Seq
                && blocked.Header.Id.Hash.Prefix != dependency.IdPrefix);
    }

    /// <summary>The next entry of a log, and the slot it waits for.</summary>
    private sealed record Blocked(SignedHeader Header, Dot On);
}
