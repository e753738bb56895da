using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Do we hold all that a peer showed in one round, under the ids that it showed? Judged only on
/// what is durable.
/// </summary>
internal sealed class Comparison(Link link, long round, ImmutableArray<Row> rows)
{
    private readonly SortedDictionary<LogId, Row> _open =
        new(rows.ToDictionary(r => r.Log));

    private readonly HashSet<LogId> _looking = [];
    private readonly HashSet<LogId> _probed = [];

    public Link Link => link;

    public long Round => round;

    public bool IsDone => _open.Count == 0;

    /// <summary>The logs that still differ.</summary>
    public IReadOnlyCollection<LogId> Open => _open.Keys;

    /// <summary>
    /// Settles what it can of these logs; asks the store for ids that memory does not know.
    /// </summary>
    public void Judge(
        IEnumerable<LogId> logs,
        TopicId topic,
        IReadOnlyDictionary<LogId, Row> durable,
        Policy policy,
        Pulls pulls,
        Looks looks)
    {
        foreach (var log in logs)
        {
            if (!_open.TryGetValue(log, out var row))
            {
                continue;
            }

            if (!durable.TryGetValue(log, out var mine))
            {
                if (IsRefused(log, policy.Rights))
                {
                    SettleRefused(log, policy.Rights, pulls);
                }
            }
            else if (HoldsAll(mine, row))
            {
                if (mine.ClosedAt is not null && mine.Digest != row.Digest
                    && (IsSameUpToEnd(row, mine) || policy.Rights.RulingOn(log).IsPolicyLog))
                {
                    SettleRefused(log, policy.Rights, pulls);
                }
                else
                {
                    Judge(row, mine, topic, pulls, looks);
                }
            }
        }
    }

    private void Judge(Row row, Row mine, TopicId topic, Pulls pulls, Looks looks)
    {
        if (row.Digest == mine.Digest)
        {
            _open.Remove(row.Log);
            return;
        }

        // Ids above gaps are not in a row: the last of each island stands for it.
        if (!row.Holdings.Islands.IsEmpty && _probed.Add(row.Log))
        {
            pulls.ProbeIslands(link, row.Log, row.Holdings.Islands.Within(1, mine.End - 1));
        }

        var isSameExtent = row.Holdings.Equals(mine.Holdings) && row.ClosedAt == mine.ClosedAt;
        var seq = row.Holdings.Head;
        if (seq < Math.Max(1, mine.Holdings.Floor) || seq >= mine.End)
        {
            if (!isSameExtent)
            {
                _open.Remove(row.Log);
            }
        }
        else if (seq == mine.Holdings.Head && mine.HeadIdPrefix == row.HeadIdPrefix)
        {
            // The same heads and extents, and yet another digest: the fork is above a gap.
            pulls.Agree(link, row.Log, seq);
            if (!isSameExtent)
            {
                _open.Remove(row.Log);
            }
        }
        else if (_looking.Add(row.Log))
        {
            // Asked once. If the ids differ, the closure that follows settles the row.
            var claim = new Suspicion.OfClaim(link, seq, row.HeadIdPrefix);
            if (!looks.TryAdd(new(topic, row.Log, new SeqRange(seq, seq), claim)))
            {
                _looking.Remove(row.Log);
            }
        }
    }

    /// <summary>
    /// The same id: settled. Another: a fork, to be bisected; the row stays open. Asked once: a
    /// peer that claims what it does not serve gets no second probe before its next round.
    /// </summary>
    public void Confirm(LogId log, long seq, bool isSame, Pulls pulls)
    {
        if (!_open.TryGetValue(log, out var row) || row.Holdings.Head != seq)
        {
            return;
        }

        if (isSame)
        {
            pulls.Agree(link, log, seq);
            _open.Remove(log);
        }
        else
        {
            pulls.Probe(link, log, seq);
        }
    }

    /// <summary>
    /// It may know of revocations or rotations past the end, as we may: the next round tells.
    /// </summary>
    private void SettleRefused(LogId log, Rights rights, Pulls pulls)
    {
        if (rights.RulingOn(log) is { IsPolicyLog: true } or { Verdict: Verdict.Admitted })
        {
            pulls.AskProof(link, log);
        }

        _open.Remove(log);
    }

    /// <summary>
    /// The policy takes all of it away; or nothing here admits it, although all that the peer
    /// showed of the policy is held.
    /// </summary>
    private bool IsRefused(LogId log, Rights rights)
    {
        var ruling = rights.RulingOn(log);
        return ruling.End <= 1
            || (ruling.Verdict == Verdict.Unknown
                && !_open.Keys.Any(l => rights.RulingOn(l).IsPolicyLog));
    }

    /// <summary>All that counts is the same: what differs lies past the end.</summary>
    private static bool IsSameUpToEnd(Row row, Row mine) =>
        row.ClosedAt == mine.ClosedAt
        && row.HeadIdPrefix == mine.HeadIdPrefix
        && row.Holdings.Equals(mine.Holdings)
        && mine.Holdings.Islands.IsEmpty;

    private static bool HoldsAll(Row mine, Row theirs) =>
        mine.End <= theirs.End
        && theirs.Holdings.Beyond(mine.Holdings).Within(1, mine.End - 1).IsEmpty;
}
