using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>Of one topic: what do we durably hold, and what did each peer last claim?</summary>
internal sealed class TopicLedger(TopicId id, TopicName name, Did self)
{
    private readonly SortedSet<LogId> _news = [];
    private readonly OwnLogs _own = new(self);
    private Hash? _root;
    private View.Topic? _shown;

    public TopicId Id => id;

    public ImmutableSortedDictionary<LogId, Row> Rows { get; private set; } =
        ImmutableSortedDictionary<LogId, Row>.Empty;

    public SortedDictionary<Link, PeerClaims> Peers { get; } = [];

    public Hash Root => _root ??= Row.Root(Rows.Values);

    public void Advance(Row row)
    {
        if (Rows.TryGetValue(row.Log, out var old))
        {
            Invariant.Holds(
                row.ClosedAt is not null || row.Holdings.Head >= old.Holdings.Head,
                $"the head of {row.Log} moved back from {old.Holdings} to {row.Holdings}");
        }

        Rows = Rows.SetItem(row.Log, row);
        _root = null;
        _news.Add(row.Log);
        _own.Advance(row);
    }

    /// <summary>The policy leaves the log no row.</summary>
    public void Withdraw(LogId log)
    {
        Rows = Rows.Remove(log);
        _root = null;
        _news.Remove(log);
    }

    public void Note(Link link, Did did) => Peers.TryAdd(link, new(did, _own));

    /// <summary>
    /// Rows that grew, per peer that has not claimed them; an author always hears how far its own
    /// log came, since somebody may wait for that.
    /// </summary>
    public IEnumerable<KeyValuePair<Link, Row[]>> News()
    {
        var grown = _news.Select(log => Rows[log]).ToArray();
        foreach (var (link, peer) in Peers)
        {
            var rows = grown
                .Where(row => row.Log.Author.Equals(peer.Did) || !peer.HasClaimed(row))
                .ToArray();
            if (rows.Length > 0)
            {
                yield return new(link, rows);
            }
        }
    }

    public void ClearNews() => _news.Clear();

    /// <summary>Of these rows, those that are not ours already.</summary>
    public ImmutableArray<Row> Differing(ImmutableArray<Row> rows) =>
        [.. rows.Where(r => Rows.GetValueOrDefault(r.Log) is not { } mine || IsNews(mine, r))];

    /// <summary>What people see; null when nothing changed since the last time.</summary>
    public View.Topic? TakeView()
    {
        var view = new View.Topic(
            id, name, Rows, [.. Peers.Values.Select(p => p.Lag(Rows.Values))]);
        var isNews = _shown is null
            || _shown.Rows != view.Rows
            || !_shown.Lags.SequenceEqual(view.Lags);
        _shown = isNews ? view : _shown;
        return isNews ? view : null;
    }

    /// <summary>
    /// They hold a slot that we lack, also one that we gave up, closed the log lower, or contradict
    /// our head.
    /// </summary>
    private static bool IsNews(Row mine, Row theirs) =>
        (theirs.ClosedAt is { } slot && (mine.ClosedAt ?? long.MaxValue) > slot)
        || !theirs.Holdings.Beyond(mine.Holdings).IsEmpty
        || theirs.Holdings.Floor < mine.Holdings.Floor
        || (theirs.Holdings.Head == mine.Holdings.Head
            && theirs.HeadIdPrefix != mine.HeadIdPrefix);
}

/// <summary>
/// What one peer last claimed to hold of one topic: a claim, never our possession.
/// </summary>
internal sealed class PeerClaims(Did did, OwnLogs own)
{
    /// <summary>About 16 MiB; of further logs the peer is told what it may hold already.</summary>
    private const int ClaimsMax = 65_536;

    private readonly Dictionary<LogId, Holdings> _claims = [];
    private readonly SortedDictionary<LogId, long> _heldOfOurs = [];
    private readonly SortedSet<LogId> _news = [];
    private bool _isEqual;
    private long _comparedAt;

    public Did Did => did;

    public void Claim(IEnumerable<Row> rows)
    {
        foreach (var row in rows)
        {
            if (!own.IsOwn(did) && own.Confirms(row)
                && _heldOfOurs.GetValueOrDefault(row.Log) != row.Holdings.Head)
            {
                _heldOfOurs[row.Log] = row.Holdings.Head;
                _news.Add(row.Log);
            }

            if (_claims.Count < ClaimsMax || _claims.ContainsKey(row.Log))
            {
                _claims[row.Log] = row.Holdings;
            }
        }
    }

    public void ClaimAll(IReadOnlyDictionary<LogId, Row> rows)
    {
        _claims.Clear();
        Claim(rows.Values);
        _isEqual = false;
    }

    /// <summary>Nothing of ours is known to be held there any more.</summary>
    public void ForgetAll()
    {
        _claims.Clear();
        _news.UnionWith(_heldOfOurs.Keys);
        _heldOfOurs.Clear();
    }

    /// <summary>Of the logs we write, how far the peer holds them, where that changed.</summary>
    public IEnumerable<KeyValuePair<LogId, long>> TakeHeld()
    {
        var held = _news
            .Select(log => KeyValuePair.Create(log, _heldOfOurs.GetValueOrDefault(log)))
            .ToArray();
        _news.Clear();
        return held;
    }

    public bool HasClaimed(Row row) =>
        row.ClosedAt is null
        && _claims.TryGetValue(row.Log, out var claim)
        && row.Holdings.Beyond(claim).IsEmpty
        && row.Holdings.Floor >= claim.Floor;

    public void NoteEqual(IEnumerable<Row> rows, long unixMilliseconds)
    {
        Claim(rows);
        (_isEqual, _comparedAt) = (true, unixMilliseconds);
    }

    /// <summary>
    /// The slots of these rows that the peer has neither claimed nor written itself.
    /// </summary>
    public LagView Lag(IEnumerable<Row> rows)
    {
        var behind = 0L;
        foreach (var row in rows)
        {
            behind += row.Log.Author.Equals(did)
                ? 0
                : row.Holdings.Beyond(_claims.GetValueOrDefault(row.Log, Holdings.None)).Slots;
        }

        return new(did.ToString(), behind, _isEqual && behind == 0, _comparedAt);
    }
}
