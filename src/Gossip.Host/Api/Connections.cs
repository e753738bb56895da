using System.Net;

namespace Gossip.Host.Api;

/// <summary>
/// Who may stay connected? Of those who have asked nothing yet, and of those who asked and have
/// shown no right, the oldest gives way when all places are taken: who only connects, or never ends
/// what it sends, keeps nobody out.
/// </summary>
internal sealed class Connections(ApiSettings settings, ApiRefusals refusals)
{
    private readonly Lock _gate = new();

    /// <summary>In order of arrival: those whose first request is not here yet.</summary>
    private readonly LinkedList<Open> _waiting = new();

    /// <summary>In order of their first requests: none of them was allowed yet.</summary>
    private readonly LinkedList<Open> _strangers = new();
    private readonly Dictionary<IPAddress, int> _addresses = [];
    private int _asked;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + _asked;
            }
        }
    }

    /// <summary>Null when it has to go at once; another may have to go for it.</summary>
    public Open? Enter(IPAddress? address, Action sendAway)
    {
        address = address is null || IPAddress.IsLoopback(address) ? null : address;
        var open = new Open(this, address, sendAway);
        Open? leaving = null;
        lock (_gate)
        {
            var others = address is null ? 0 : _addresses.GetValueOrDefault(address);
            if (others >= settings.OpenPerAddressMax)
            {
                refusals.Count(ApiLimit.ConnectionsPerAddress);
                return null;
            }

            if (_waiting.Count >= settings.WaitingMax)
            {
                refusals.Count(ApiLimit.ConnectionsWaiting);
                leaving = _waiting.First!.Value;
                Remove(leaving);
            }

            if (address is not null)
            {
                _addresses[address] = others + 1;
            }

            _waiting.AddLast(open.Place);
        }

        // Outside the lock: closing a socket may run what waits for it.
        leaving?.SendAway();
        return open;
    }

    private bool TryAsk(Open open, Action sendAway)
    {
        Open? leaving = null;
        lock (_gate)
        {
            if (open.IsGone)
            {
                return false;
            }

            if (_asked >= settings.OpenMax)
            {
                leaving = _strangers.First?.Value;
                if (leaving is null)
                {
                    refusals.Count(ApiLimit.Connections);
                    return false;
                }

                refusals.Count(ApiLimit.ConnectionsIdle);
                Remove(leaving);
            }

            _asked++;
            _waiting.Remove(open.Place);
            _strangers.AddLast(open.Place);
            open.Admit(sendAway);
        }

        leaving?.SendAway();
        return true;
    }

    private void Remove(Open open)
    {
        if (open.IsGone)
        {
            return;
        }

        open.IsGone = true;
        open.Place.List?.Remove(open.Place);
        _asked -= open.HasAsked ? 1 : 0;
        if (open.Address is { } address && --_addresses[address] == 0)
        {
            _addresses.Remove(address);
        }
    }

    /// <summary>One connection; it is a stranger until a request on it was allowed.</summary>
    public sealed class Open
    {
        private readonly Connections _all;
        private Action _sendAway;

        internal Open(Connections all, IPAddress? address, Action sendAway)
        {
            (_all, Address, _sendAway) = (all, address, sendAway);
            Place = new(this);
        }

        /// <summary>It gave way, or left.</summary>
        public bool IsGone
        {
            get => Volatile.Read(ref field);
            internal set => Volatile.Write(ref field, value);
        }

        internal IPAddress? Address { get; }

        internal LinkedListNode<Open> Place { get; }

        internal bool HasAsked { get; private set; }

        /// <summary>
        /// Its first request is here. False when it gave way before, or there is no place for it.
        /// </summary>
        public bool TryAsk(Action sendAway) => _all.TryAsk(this, sendAway);

        public void Trust()
        {
            lock (_all._gate)
            {
                Place.List?.Remove(Place);
            }
        }

        /// <summary>Once or more often, however it ended.</summary>
        public void Leave()
        {
            lock (_all._gate)
            {
                _all.Remove(this);
            }
        }

        internal void Admit(Action sendAway) => (HasAsked, _sendAway) = (true, sendAway);

        internal void SendAway() => _sendAway();
    }
}
