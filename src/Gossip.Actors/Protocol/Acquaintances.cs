namespace Gossip.Actors.Protocol;

/// <summary>
/// Who is, or was a moment ago, at which link? Who sends rubbish and hangs up at once is spoken of
/// only after it has gone.
/// </summary>
internal sealed class Acquaintances
{
    /// <summary>Far more links than end while one signature is checked.</summary>
    private const int GoneMax = 1024;

    private readonly SortedDictionary<Link, Did> _all = [];
    private readonly HashSet<Link> _open = [];
    private readonly Queue<Link> _gone = [];

    public void Meet(Link link, Did did)
    {
        _all[link] = did;
        _open.Add(link);
    }

    public void Part(Link link)
    {
        if (_open.Remove(link))
        {
            _gone.Enqueue(link);
            if (_gone.Count > GoneMax)
            {
                _all.Remove(_gone.Dequeue());
            }
        }
    }

    public Did? At(Link link) => _all.GetValueOrDefault(link);

    /// <summary>The links that an identity has now.</summary>
    public IEnumerable<Link> LinksOf(Did did) =>
        _all.Where(l => _open.Contains(l.Key) && l.Value.Equals(did)).Select(l => l.Key);
}
