using System.Collections.Concurrent;

namespace Gossip.Actors.Transport;

/// <summary>Who can reach whom inside one process? Shared by all nodes that shall meet.</summary>
public sealed class MemoryNetwork
{
    /// <summary>Where ports begin that the network chooses itself.</summary>
    private const int FirstFreePort = 49_152;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryListener> _listeners = [];
    private readonly HashSet<(string, string)> _cuts = [];
    private readonly ConcurrentDictionary<MemoryLink, byte> _links = [];
    private int _lastPort = FirstFreePort - 1;

    /// <summary>
    /// Breaks what connects two nodes, named by their addresses, until they are healed.
    /// </summary>
    public void Cut(string one, string other)
    {
        lock (_gate)
        {
            _cuts.Add(Pair(one, other));
        }

        foreach (var link in _links.Keys.Where(l => Pair(l.Dialer, l.Listener) == Pair(one, other)))
        {
            link.Break($"the network between {one} and {other} is cut");
        }
    }

    public void Heal(string one, string other)
    {
        lock (_gate)
        {
            _cuts.Remove(Pair(one, other));
        }
    }

    internal Address Listen(Address wanted, MemoryListener listener)
    {
        lock (_gate)
        {
            var address = wanted.Port == 0 ? wanted with { Port = ++_lastPort } : wanted;
            return _listeners.TryAdd(address.ToString(), listener)
                ? address
                : throw new TransportException(
                    $"{address} is in use: stop what listens there, or listen on another port.");
        }
    }

    internal void Unlisten(string address)
    {
        lock (_gate)
        {
            _listeners.Remove(address);
        }
    }

    /// <exception cref="TransportException">Nobody there, or the way is cut.</exception>
    internal MemoryListener Find(string dialer, string address)
    {
        lock (_gate)
        {
            return !_listeners.TryGetValue(address, out var listener)
                ? throw new TransportException($"Nobody listens at {address}.")
                : _cuts.Contains(Pair(dialer, listener.Home))
                ? throw new TransportException($"{address} cannot be reached: the network is cut.")
                : listener;
        }
    }

    /// <summary>A cut made since the link was dialled breaks it now.</summary>
    internal void Add(MemoryLink link)
    {
        _links.TryAdd(link, 0);
        lock (_gate)
        {
            if (!_cuts.Contains(Pair(link.Dialer, link.Listener)))
            {
                return;
            }
        }

        link.Break($"the network between {link.Dialer} and {link.Listener} is cut");
    }

    internal void Remove(MemoryLink link) => _links.TryRemove(link, out _);

    private static (string, string) Pair(string one, string other) =>
        string.CompareOrdinal(one, other) <= 0 ? (one, other) : (other, one);
}
