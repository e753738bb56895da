using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Does another process run with this node's key? Its hello says so: our DID, another instance.
/// Both go on, each in a log of its own; a person must know, since nobody meant it.
/// </summary>
internal sealed class Twins(Self self)
{
    /// <summary>Processes remembered; each is one start of a twin, so more tells no more.</summary>
    private const int TwinsMax = 16;

    private readonly SortedDictionary<ulong, TwinView> _twins = [];
    private readonly SortedDictionary<Link, ulong> _links = [];

    public void Meet(Link link, Peer peer, string address, Moment now, Outbox outbox)
    {
        if (!peer.Did.Equals(self.Did))
        {
            return;
        }

        var time = now.UnixMilliseconds;
        var first = _twins.TryGetValue(peer.Instance, out var known) ? known.FirstSeen : time;
        var twin = new TwinView(address, null, first, time, true);
        _links[link] = peer.Instance;
        _twins[peer.Instance] = twin;
        if (_twins.Count > TwinsMax)
        {
            Forget();
        }

        Show(outbox);
        if (known is null)
        {
            outbox.Add(new Effect.Happened(new NodeEvent.TwinSeen(twin)));
        }
    }

    public void Part(Link link, Moment now, Outbox outbox)
    {
        if (_links.Remove(link, out var instance) && !_links.ContainsValue(instance)
            && _twins.TryGetValue(instance, out var twin))
        {
            _twins[instance] = twin with { LastSeen = now.UnixMilliseconds, IsConnected = false };
            Show(outbox);
        }
    }

    private void Forget() =>
        _twins.Remove(_twins.OrderBy(t => (t.Value.IsConnected, t.Value.LastSeen)).First().Key);

    private void Show(Outbox outbox) => outbox.Add(new Effect.Show(new View.Twins(All())));

    private ImmutableArray<TwinView> All() => [.. _twins.Values.OrderBy(t => t.FirstSeen)];
}
