using System.Net;
using Gossip.Actors;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gossip.Host.Api;

/// <summary>
/// The node's HTTP door, on loopback: where programs publish, read, follow and look.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    // Each is a loopback socket of this machine's user; streams stay open, so not too few.
    private const int ConnectionsMax = 1024;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;
    private bool _isStopping;

    private ApiServer(WebApplication app, CancellationTokenSource stopping)
    {
        _app = app;
        _stopping = stopping;
    }

    /// <summary>http://host:port, with the port really bound.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<ApiServer> StartAsync(
        GossipNode node, GossipOptions options, IPEndPoint endpoint, ILoggerFactory logs,
        TimeProvider time, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(endpoint);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = PublishBody.BytesMax;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
        });

        var stopping = new CancellationTokenSource();
        var server = new ApiServer(builder.Build(), stopping);
        server.Map(node, options, logs.CreateLogger("Gossip.Host.Api"), time);
        try
        {
            await server._app.StartAsync(stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Not ready from now on: publishing is refused and streams end.</summary>
    public async Task BeginStopAsync()
    {
        Volatile.Write(ref _isStopping, true);
        await _stopping.CancelAsync();
    }

    /// <summary>Waits for the requests that are being answered.</summary>
    public Task StopAsync(CancellationToken stop) => _app.StopAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private void Map(
        GossipNode node, GossipOptions options, ILogger logger, TimeProvider time)
    {
        var pump = new EventPump(time, _stopping.Token);
        _app.Use(next => context => ApiErrors.Guard(context, next, logger));
        _app.Use(next => context => Loopback.Guard(context, next));
        new TopicRoutes(node, options, IsStopping).Map(_app);
        new StreamRoute(node, pump).Map(_app);
        new EventRoute(node, pump, time).Map(_app);
        new SubscriptionRoutes(node).Map(_app);
        new ActorRoutes(node).Map(_app);
        new PeerRoutes(node).Map(_app);
        new NodeRoutes(node, options, IsStopping).Map(_app);

        bool IsStopping() => Volatile.Read(ref _isStopping);
    }

    /// <summary>Signals are the command's business, not the web server's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
