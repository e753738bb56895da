using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gossip.Host.Api;

/// <summary>Opens the web server's door, in the place of its own.</summary>
internal sealed class FrontDoors(
    ApiSettings settings, Connections places, ApiRefusals refusals, ILoggerFactory logs,
    TimeProvider time) : IConnectionListenerFactory
{
    /// <summary>Each can keep a core busy for as long as a flood of connections lasts.</summary>
    private static readonly int IoQueues = Math.Max(1, Environment.ProcessorCount / 4);

    public ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var connections = new SocketConnectionContextFactory(
            new() { IOQueueCount = IoQueues }, logs.CreateLogger("Gossip.Host.Api.Sockets"));
        return ValueTask.FromResult<IConnectionListener>(FrontDoor.Open(
            endpoint, connections, settings, places, refusals, time));
    }
}
