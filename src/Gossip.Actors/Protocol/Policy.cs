using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Which signed policy entries are held of this topic? From them alone follows who may write and
/// read: the order in which they came changes nothing.
/// </summary>
internal sealed class Policy
{
    private readonly TopicRef _topic;
    private readonly IReadOnlyDictionary<LogId, LogState> _logs;
    private readonly Rotations _rotations = new();
    private ImmutableDictionary<EntryId, PolicyEntry> _held =
        ImmutableDictionary<EntryId, PolicyEntry>.Empty;

    private bool _isNew;

    public Policy(
        TopicRef topic,
        IEnumerable<Entry> held,
        IReadOnlyDictionary<LogId, LogState> logs)
    {
        (_topic, _logs) = (topic, logs);
        foreach (var entry in held)
        {
            Keep(entry);
        }

        Rights = new(topic, _held, _rotations, ExtentOf);
    }

    /// <summary>What follows from all that was held when it was last settled.</summary>
    public Rights Rights { get; private set; }

    public bool Holds(EntryId id) => _held.ContainsKey(id) || _rotations.Holds(id);

    /// <summary>A signed entry of a policy log, or a rotation of any log; disputed or not.
    /// </summary>
    public void Add(Entry entry)
    {
        if (Keep(entry))
        {
            Touch();
        }
    }

    /// <summary>
    /// A policy log closed, or lost a gap: what counts may have changed. Whoever writes in a public
    /// topic asks no policy.
    /// </summary>
    public void Touch() => _isNew |= !_topic.Name.IsPublic;

    /// <summary>Did this key name a successor in this topic, under this admission?</summary>
    public bool IsRotated(Admission admission, Did who) => _rotations.IsRotated(admission, who);

    /// <summary>
    /// May it erase? Its author may, or a key that followed it, or whoever owns the topic. Who did
    /// once does for ever: an erasure has no place in any order.
    /// </summary>
    public bool Allows(Erasure erasure)
    {
        var (log, by) = (erasure.Dot.Log, erasure.By);
        return !Rights.RulingOn(log).IsPolicyLog
            && (by.Equals(log.Author)
                || _rotations.Authors(log.Admission, log.Author).Contains(by)
                || Rights.Owns(by));
    }

    /// <summary>
    /// Draws the conclusions anew, once for everything that came; true when there were any.
    /// </summary>
    public bool Settle()
    {
        if (!_isNew)
        {
            return false;
        }

        (_isNew, Rights) = (false, new(_topic, _held, _rotations, ExtentOf));
        return true;
    }

    /// <summary>
    /// The log as a digest shows it; null where there is nothing to show. It shows also the
    /// revocations and rotations past its end.
    /// </summary>
    public Row? RowOf(LogState log)
    {
        var disputed = DisputedOf(log).ToArray();
        return log.IsEmpty && disputed.Length == 0 ? null : log.RowWith(disputed);
    }

    /// <summary>
    /// Revocations and rotations at or after the end of their own log: they still count, so peers
    /// must be able to see who holds them, and get them.
    /// </summary>
    public IEnumerable<Entry> DisputedOf(LogState log) =>
        log.ClosedAt is null || (_held.Count == 0 && _rotations.IsEmpty)
            ? []
            : _held.Values
                .Where(e => e.Log == log.Log && e.Change is PolicyChange.Revocation)
                .Select(e => e.Entry)
                .Concat(_rotations.Of(log.Log))
                .Where(e => e.Header.Seq >= log.End)
                .OrderBy(e => (e.Header.Seq, e.Id));

    /// <summary>True when it is new.</summary>
    private bool Keep(Entry entry)
    {
        if (entry.Header.Rotation is not null)
        {
            return _rotations.Add(entry);
        }

        var before = _held;
        _held = _held.SetItem(entry.Id, PolicyEntry.Of(entry));
        return _held.Count > before.Count;
    }

    private LogExtent ExtentOf(LogId log) => _logs.TryGetValue(log, out var state)
        ? new(state.Holdings.Head, state.Closure?.Slot ?? long.MaxValue)
        : new(0, long.MaxValue);
}

/// <summary>An entry of a policy log, and what it says; null when this version cannot read it.
/// </summary>
internal sealed record PolicyEntry(Entry Entry, PolicyChange? Change)
{
    public LogId Log => Entry.Header.Log;

    public long Seq => Entry.Header.Seq;

    /// <summary>What an entry under it carries as its admission.</summary>
    public Admission Admission => new(Seq, Entry.Id);

    public static PolicyEntry Of(Entry entry)
    {
        var payloads = EntryFormat.DecodePayloads(entry.PayloadList);
        return new(
            entry,
            payloads is [var payload]
                && payload.Headers.IsEmpty
                && PolicyFormat.TryDecode(payload.Data, out var change)
                && change is PolicyChange.Founding == entry.Header.IsFounding
                    ? change
                    : null);
    }
}
