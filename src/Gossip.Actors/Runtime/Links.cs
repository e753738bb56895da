using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>Which connections are there? Dials, accepts, and gives each a session.</summary>
internal sealed class Links(
    ITransport transport,
    Self self,
    GossipOptions options,
    Switchboard switchboard,
    TopicSet topics,
    Standings standings,
    ILogger logger)
{
    private readonly ConcurrentDictionary<Link, PeerLink> _links = new();
    private long _last;

    private Supervisor Supervisor => switchboard.Supervisor;

    public PeerLink? Find(Link link) => _links.GetValueOrDefault(link);

    public void Dial(string address) => _ = DialAsync(address);

    /// <summary>Accepts until the node stops.</summary>
    public async Task AcceptAsync(IListener listener, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var connection = await listener.AcceptAsync(stop).ConfigureAwait(false);
                if (_links.Count < options.Sizes.ConnectionsMax)
                {
                    Open(connection, null);
                    continue;
                }

                switchboard.Refuse(
                    RefusalCode.QueueFull,
                    $"{connection.RemoteAddress}: {_links.Count} connections, no more are taken");
                await connection.DisposeAsync().ConfigureAwait(false);
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
            Open(connection, address);
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

    private void Open(IConnection connection, string? dialedAddress)
    {
        var id = new Link(Interlocked.Increment(ref _last));
        var link = new PeerLink(id, connection, options.Sizes);
        _links[id] = link;
        var actor = Supervisor.SpawnSession(new(id), AtTheDoor(id, connection.Peer, dialedAddress));
        topics.Introduce(actor);
        logger.PeerConnected(connection.Peer.ToString(), connection.RemoteAddress);
        link.Life = LiveAsync(link, actor);
    }

    /// <summary>Who is barred gets no session: not one byte of it is read.</summary>
    private IMachine AtTheDoor(Link id, Did proven, string? dialedAddress)
    {
        if (standings.Of(proven) is { IsBarred: true } barred)
        {
            return new ShutDoor(id, proven, dialedAddress, barred.BarReason);
        }

        var nonce = new Nonce(
            BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));
        return new PeerSession(id, proven, dialedAddress, nonce, self, options);
    }

    private async Task LiveAsync(PeerLink link, Actor session)
    {
        await Task.Yield();
        var reason = await link
            .RunAsync(s => session.Mailbox.TellAsync(s, Supervisor.Stopping), Supervisor.Stopping)
            .ConfigureAwait(false);
        logger.PeerDisconnected(link.RemoteAddress, reason);
        await Supervisor
            .EndSessionAsync(new(link.Id), new Signal.LinkClosed(link.Id, reason))
            .ConfigureAwait(false);
        _links.TryRemove(link.Id, out _);
    }
}
