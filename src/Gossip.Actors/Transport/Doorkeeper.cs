using System.Collections.Immutable;
using System.Net;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Transport;

/// <summary>
/// Who of those who knock may stay? Everybody gets in at once, so nobody waits behind a flood; when
/// too many are at the door, the one goes that most likely means nothing good: first those that
/// have not greeted for long, then of the address that most come from, the oldest.
/// </summary>
internal sealed class Doorkeeper(GossipSizes sizes)
{
    /// <summary>
    /// Let in beyond what is kept, so that they can be told why they have to go.
    /// </summary>
    private const int ToBeTold = 16;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Guest> _atDoor = [];
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private readonly Dictionary<LimitKind, long> _rejected = [];
    private int _inside;
    private long _last;

    /// <summary>What may be accepted: the other half is kept for links that we dial.</summary>
    public static int AcceptedMax(GossipSizes sizes) =>
        sizes.ConnectionsMax - sizes.ConnectionsMax / 2;

    /// <summary>Null when it has to go at once; others may have to go for it.</summary>
    public Guest? Enter(IPAddress remote, Action sendAway)
    {
        var from = Group(remote);
        List<Guest> leaving = [];
        Guest? entered;
        lock (_gate)
        {
            entered = TryEnter(from, sendAway, leaving);
        }

        // Outside the lock: closing a socket may run what waits for it.
        leaving.ForEach(guest => guest.SendAway());
        return entered;
    }

    public void Begin(Guest guest)
    {
        lock (_gate)
        {
            guest.State = guest.State == GuestState.Greeting ? GuestState.Shaking : guest.State;
        }
    }

    /// <summary>Its handshake ended well. False when there is no place inside.</summary>
    public bool LetIn(Guest guest)
    {
        lock (_gate)
        {
            if (guest.State != GuestState.Shaking)
            {
                return false;
            }

            if (_inside >= AcceptedMax(sizes) + ToBeTold)
            {
                Reject(LimitKind.ConnectionsAccepted);
                return false;
            }

            _atDoor.Remove(guest.Number);
            guest.State = GuestState.Inside;
            _inside++;
            return true;
        }
    }

    /// <summary>Once or more often, however it ended.</summary>
    public void Leave(Guest guest)
    {
        lock (_gate)
        {
            Remove(guest);
        }
    }

    public ImmutableArray<LimitStatus> Limits
    {
        get
        {
            lock (_gate)
            {
                var busiest = _perAddress
                    .Where(p => IsLimited(p.Key))
                    .DefaultIfEmpty()
                    .MaxBy(p => p.Value);
                return
                [
                    new(
                        LimitKind.Handshakes, "sizes.handshakes-max", _atDoor.Count,
                        sizes.HandshakesMax, Rejected(LimitKind.Handshakes)),
                    new(
                        LimitKind.ConnectionsAccepted, "sizes.connections-max", _inside,
                        AcceptedMax(sizes), Rejected(LimitKind.ConnectionsAccepted)),
                    new(
                        LimitKind.ConnectionsPerAddress, "sizes.connections-per-address-max",
                        busiest.Value, sizes.ConnectionsPerAddressMax,
                        Rejected(LimitKind.ConnectionsPerAddress))
                    {
                        Who = busiest.Key?.ToString(),
                    },
                ];
            }
        }
    }

    private Guest? TryEnter(IPAddress from, Action sendAway, List<Guest> leaving)
    {
        if (_inside >= AcceptedMax(sizes) + ToBeTold)
        {
            Reject(LimitKind.ConnectionsAccepted);
            return null;
        }

        if (IsLimited(from)
            && _perAddress.GetValueOrDefault(from) >= sizes.ConnectionsPerAddressMax)
        {
            // Who shares an address with a flood that only knocks still gets in.
            Reject(LimitKind.ConnectionsPerAddress);
            if (!Evict(_atDoor.Values.Where(g => g.From.Equals(from)), leaving))
            {
                return null;
            }
        }

        if (_atDoor.Count >= sizes.HandshakesMax)
        {
            Reject(LimitKind.Handshakes);
            Evict(_atDoor.Values, leaving);
        }

        var guest = new Guest(from, ++_last, sendAway);
        _atDoor.Add(guest.Number, guest);
        _perAddress[from] = _perAddress.GetValueOrDefault(from) + 1;
        return guest;
    }

    private bool Evict(IEnumerable<Guest> some, List<Guest> leaving)
    {
        // Who just came has had no time to greet: so many may come before that tells.
        var late = _last - sizes.HandshakesMax / 2;
        var guest = some.MinBy(g => (
            g.State == GuestState.Greeting && g.Number <= late ? 0 : 1,
            -_perAddress[g.From],
            g.Number));
        if (guest is null)
        {
            return false;
        }

        Remove(guest);
        leaving.Add(guest);
        return true;
    }

    private void Remove(Guest guest)
    {
        if (guest.State == GuestState.Gone)
        {
            return;
        }

        _inside -= guest.State == GuestState.Inside ? 1 : 0;
        guest.State = GuestState.Gone;
        _atDoor.Remove(guest.Number);
        if (--_perAddress[guest.From] == 0)
        {
            _perAddress.Remove(guest.From);
        }
    }

    private void Reject(LimitKind limit) => _rejected[limit] = Rejected(limit) + 1;

    private long Rejected(LimitKind limit) => _rejected.GetValueOrDefault(limit);

    private bool IsLimited(IPAddress? from) =>
        from is not null && (sizes.LoopbackLimited || !IPAddress.IsLoopback(from));

    private static IPAddress Group(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (bytes.Length == 4 || IPAddress.IsLoopback(address))
        {
            return address;
        }

        bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}
