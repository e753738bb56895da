namespace Gossip.Actors.Protocol;

/// <summary>
/// Which signed policy entries are held of this topic? From them alone follows who may write and
/// read: the order in which they came changes nothing.
/// </summary>
internal sealed class Policy
{
    private readonly TopicRef _topic;
    private readonly IReadOnlyDictionary<LogId, LogState> _logs;
    private readonly Dictionary<EntryId, PolicyEntry> _held = [];
    private bool _isNew;

    public Policy(
        TopicRef topic,
        IEnumerable<Entry> held,
        IReadOnlyDictionary<LogId, LogState> logs)
    {
        (_topic, _logs) = (topic, logs);
        foreach (var entry in held)
        {
            _held.TryAdd(entry.Id, PolicyEntry.Of(entry));
        }

        Rights = new(topic, _held, ExtentOf);
    }

    /// <summary>What follows from all that was held when it was last settled.</summary>
    public Rights Rights { get; private set; }

    public bool Holds(EntryId id) => _held.ContainsKey(id);

    /// <summary>A signed entry of a policy log; disputed or not.</summary>
    public void Add(Entry entry) => _isNew |= _held.TryAdd(entry.Id, PolicyEntry.Of(entry));

    /// <summary>A policy log closed, or lost a gap: what counts may have changed.</summary>
    public void Touch() => _isNew = true;

    /// <summary>
    /// Draws the conclusions anew, once for everything that came; true when there were any.
    /// </summary>
    public bool Settle()
    {
        if (!_isNew)
        {
            return false;
        }

        (_isNew, Rights) = (false, new(_topic, _held, ExtentOf));
        return true;
    }

    /// <summary>
    /// Revocations at or after the end of their own log: they still count, so peers must be able
    /// to see who holds them, and get them.
    /// </summary>
    public IEnumerable<Entry> DisputedOf(LogState log) => log.Closure is null || _held.Count == 0
        ? []
        : _held.Values
            .Where(e => e.Log == log.Log && e.Seq >= log.End && e.Seq < log.PolicyEnd
                && e.Change is PolicyChange.Revocation)
            .OrderBy(e => (e.Seq, e.Entry.Id))
            .Select(e => e.Entry);

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
