namespace Gossip.Actors.Protocol;

/// <summary>
/// Does a peer hold what we wrote, or another history under the same numbers? Remembers the ids at
/// our own recent heads; a claim counts only where it names one of them.
/// </summary>
internal sealed class OwnLogs(Did self)
{
    /// <summary>
    /// Heads remembered of one log. A claim that names an older one is of no use: whoever waits
    /// waits for a recent slot.
    /// </summary>
    private const int HeadsMax = 4096;

    private readonly SortedDictionary<LogId, SortedDictionary<long, UInt128>> _heads = [];

    public bool IsOwn(Did peer) => peer.Equals(self);

    public void Advance(Row row)
    {
        if (!row.Log.Author.Equals(self))
        {
            return;
        }

        if (!_heads.TryGetValue(row.Log, out var heads))
        {
            _heads.Add(row.Log, heads = []);
        }

        heads[row.Holdings.Head] = row.HeadIdPrefix;
        if (heads.Count > HeadsMax)
        {
            heads.Remove(heads.First().Key);
        }
    }

    public bool Confirms(Row claim) =>
        _heads.TryGetValue(claim.Log, out var heads)
        && heads.TryGetValue(claim.Holdings.Head, out var prefix)
        && prefix == claim.HeadIdPrefix;
}
