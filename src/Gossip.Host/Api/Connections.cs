using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Gossip.Host.Api;

/// <summary>
/// Who may stay connected? When all places are taken, the oldest connection that has shown no right
/// gives way to the new one: who only connects, or never ends what it sends, keeps nobody out.
/// </summary>
internal sealed class Connections(ApiSettings settings, ApiRefusals refusals)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Open> _strangers = new();
    private readonly Dictionary<IPAddress, int> _addresses = [];
    private int _count;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        if (Enter(connection) is not { } open)
        {
            connection.Abort(new ConnectionAbortedException("Too many connections."));
            return;
        }

        try
        {
            connection.Features.Set(open);
            await next(connection);
        }
        finally
        {
            Leave(open);
        }
    };

    private Open? Enter(ConnectionContext connection)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        address = address is null || IPAddress.IsLoopback(address) ? null : address;
        Open? oldest = null;
        lock (_gate)
        {
            var others = address is null ? 0 : _addresses.GetValueOrDefault(address);
            if (others >= settings.OpenPerAddressMax)
            {
                refusals.Count(ApiLimit.ConnectionsPerAddress);
                return null;
            }

            if (_count >= settings.OpenMax)
            {
                oldest = _strangers.First?.Value;
                if (oldest is null)
                {
                    refusals.Count(ApiLimit.Connections);
                    return null;
                }

                refusals.Count(ApiLimit.ConnectionsIdle);
                Remove(oldest);
            }

            _count++;
            if (address is not null)
            {
                _addresses[address] = others + 1;
            }

            var open = new Open(this, connection, address);
            _strangers.AddLast(open.Place);
            oldest?.GiveWay();
            return open;
        }
    }

    private void Leave(Open open)
    {
        lock (_gate)
        {
            Remove(open);
        }
    }

    private void Remove(Open open)
    {
        if (open.IsGone)
        {
            return;
        }

        open.IsGone = true;
        open.Place.List?.Remove(open.Place);
        _count--;
        if (open.Address is { } address && --_addresses[address] == 0)
        {
            _addresses.Remove(address);
        }
    }

    /// <summary>One connection; it is a stranger until a request on it was allowed.</summary>
    public sealed class Open
    {
        private readonly Connections _all;
        private readonly ConnectionContext _connection;

        internal Open(Connections all, ConnectionContext connection, IPAddress? address)
        {
            (_all, _connection, Address) = (all, connection, address);
            Place = new(this);
        }

        internal IPAddress? Address { get; }

        internal LinkedListNode<Open> Place { get; }

        internal bool IsGone { get; set; }

        public void Trust()
        {
            lock (_all._gate)
            {
                Place.List?.Remove(Place);
            }
        }

        /// <summary>Not on the thread, nor under the lock, of the one that comes.</summary>
        internal void GiveWay() => ThreadPool.UnsafeQueueUserWorkItem(
            static connection => connection.Abort(
                new ConnectionAbortedException("It gave way to another.")),
            _connection, preferLocal: false);
    }
}
