using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;
using Gossip.Actors.Wire;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Which connections are there? Dials, accepts, and gives each a session; turns away whoever is one
/// too many, and tells it why.
/// </summary>
internal sealed class Links(
    ITransport transport,
    Self self,
    GossipOptions options,
    Switchboard switchboard,
    TopicSet topics,
    Standings standings,
    NodeClock clock,
    ILogger logger)
{
    private readonly ConcurrentDictionary<Link, PeerLink> _links = new();
    private long _last;
    private int _accepted;

    public Identities Identities { get; } = new(options, clock);

    public CreditPool Pool { get; } = new(options.Sizes.ReceivedBytesMax);

    public IEnumerable<PeerLink> All => _links.Values;

    public int Accepted => Volatile.Read(ref _accepted);

    private Supervisor Supervisor => switchboard.Supervisor;

    public PeerLink? Find(Link link) => _links.GetValueOrDefault(link);

    public void Dial(string address) => _ = DialAsync(address);

    /// <summary>Accepts until the node stops; nobody's end is waited for.</summary>
    public async Task AcceptAsync(IListener listener, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var connection = await listener.AcceptAsync(stop).ConfigureAwait(false);
                if (TryOpen(connection, null) is { } reason)
                {
                    _ = TurnAwayAsync(connection, reason);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Waits until every link has said what it had to say and ended.</summary>
    public Task DrainAsync() => Task.WhenAll(_links.Values.Select(l => l.Life));

    private async Task DialAsync(string address)
    {
        try
        {
            var connection = await transport.DialAsync(address, Supervisor.Stopping)
                .ConfigureAwait(false);
            if (TryOpen(connection, address) is { } reason)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                throw new TransportException(reason);
            }
        }
        catch (TransportException e)
        {
            logger.DialFailed(address, e.Message);
            Supervisor.Tell(new Signal.DialFailed(address, GoodbyeCode.None, e.Message));
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Null when it has a session now; else why it must end.</summary>
    private string? TryOpen(IConnection connection, string? dialedAddress)
    {
        var sizes = options.Sizes;
        if (dialedAddress is null && Accepted >= Doorkeeper.AcceptedMax(sizes))
        {
            return Exceed(LimitKind.ConnectionsAccepted, connection,
                $"{Accepted} accepted connections, no more are taken");
        }

        if (_links.Count >= sizes.ConnectionsMax)
        {
            return Exceed(LimitKind.Connections, connection,
                $"{_links.Count} connections, no more are taken");
        }

        if (Identities.Enter(connection.Peer) is not { } allowance)
        {
            return Exceed(LimitKind.ConnectionsPerIdentity, connection,
                $"{sizes.ConnectionsPerIdentityMax} connections with one key, no more are taken");
        }

        Open(connection, dialedAddress, allowance);
        return null;
    }

    private string Exceed(LimitKind limit, IConnection connection, string reason)
    {
        switchboard.Refusals.Exceed(limit, 1, $"{connection.RemoteAddress}: {reason}");
        return reason;
    }

    private async Task TurnAwayAsync(IConnection connection, string reason)
    {
        try
        {
            var goodbye = new GossipMessage.Goodbye(GoodbyeCode.Full, reason);
            await connection.SendAsync([MessageCodec.Encode(goodbye, null)], Supervisor.Stopping)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is TransportException or OperationCanceledException)
        {
            // It does not wait for a reason.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private void Open(IConnection connection, string? dialedAddress, SharedAllowance allowance)
    {
        var id = new Link(Interlocked.Increment(ref _last));
        var link = new PeerLink(
            id, connection, options.Sizes,
            new(allowance, Pool, clock.Time, limit => Note(limit, connection)));
        _links[id] = link;
        Interlocked.Add(ref _accepted, dialedAddress is null ? 1 : 0);
        var actor = Supervisor.SpawnSession(
            new(id), AtTheDoor(id, connection.Peer, dialedAddress, allowance));
        topics.Introduce(actor);
        logger.PeerConnected(connection.Peer.ToString(), connection.RemoteAddress);
        link.Life = LiveAsync(link, actor, dialedAddress is null);
    }

    /// <summary>Who is barred gets no session: not one byte of it is read.</summary>
    private IMachine AtTheDoor(
        Link id, Did proven, string? dialedAddress, SharedAllowance allowance)
    {
        if (standings.Of(proven) is { IsBarred: true } barred)
        {
            return new ShutDoor(id, proven, dialedAddress, barred.BarReason);
        }

        var nonce = new Nonce(
            BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));
        return new PeerSession(id, proven, dialedAddress, nonce, self, options, allowance);
    }

    private void Note(LimitKind limit, IConnection connection) => switchboard.Refusals.Exceed(
        limit,
        1,
        $"{connection.Peer.Tail} {(limit == LimitKind.FrameBytes ? "went" : "is read slower")}");

    private async Task LiveAsync(PeerLink link, Actor session, bool isAccepted)
    {
        await Task.Yield();
        var reason = await link
            .RunAsync(s => session.TellAsync(s, Supervisor.Stopping), Supervisor.Stopping)
            .ConfigureAwait(false);
        logger.PeerDisconnected(link.RemoteAddress, reason);
        await Supervisor
            .EndSessionAsync(new(link.Id), new Signal.LinkClosed(link.Id, reason))
            .ConfigureAwait(false);
        _links.TryRemove(link.Id, out _);
        link.Credit.Close();
        Identities.Leave(link.Peer);
        Interlocked.Add(ref _accepted, isAccepted ? -1 : 0);
    }
}
