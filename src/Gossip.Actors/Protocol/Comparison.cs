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

    public Link Link => link;

    public long Round => round;

    public bool IsDone => _open.Count == 0;

    /// <summary>
    /// Settles every row it can; asks the store for ids that memory does not know.
    /// </summary>
    public void Judge(
        TopicId topic,
        IReadOnlyDictionary<LogId, Row> durable,
        Pulls pulls,
        Looks looks)
    {
        foreach (var row in _open.Values.ToArray())
        {
            if (!durable.TryGetValue(row.Log, out var mine) || !HoldsAll(mine, row))
            {
                continue;
            }

            var seq = row.Holdings.Head;
            if (seq < Math.Max(1, mine.Holdings.Floor) || seq >= mine.End)
            {
                _open.Remove(row.Log);
            }
            else if (!_looking.Add(row.Log))
            {
                // Asked already. If the ids differed, the closure that follows settles the row.
                continue;
            }
            else if (seq == mine.Holdings.Head)
            {
                Confirm(row.Log, seq, mine.HeadIdPrefix == row.HeadIdPrefix, pulls);
            }
            else
            {
                looks.Add(new(
                    topic, row.Log, new SeqRange(seq, seq),
                    new Suspicion.OfClaim(link, seq, row.HeadIdPrefix)));
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

    private static bool HoldsAll(Row mine, Row theirs) =>
        mine.End <= theirs.End
        && theirs.Holdings.Held.Except(mine.Holdings.Covered).Within(1, mine.End - 1).IsEmpty;
}
