using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gossip.Actors;
using Gossip.Host.Commands;
using Gossip.Host.Node;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gossip.Host.Api;

/// <summary>
/// The node's HTTP door: where programs publish, read, follow and look. On loopback it is open;
/// anywhere else it asks for a token, over TLS.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ApiParts _parts;
    private readonly CancellationTokenSource _stopping = new();
    private IDisposable? _watch;
    private bool _isStopping;

    private ApiServer(WebApplication app, ApiParts parts) => (_app, _parts) = (app, parts);

    /// <summary>
    /// Where this machine's programs ask: with the port really bound, and loopback when it is bound
    /// to every address.
    /// </summary>
    public string Address
    {
        get
        {
            var bound = new Uri(_app.Services.GetRequiredService<IServer>().Features
                .Get<IServerAddressesFeature>()!.Addresses.Single());
            return IPAddress.TryParse(bound.Host, out var address)
                && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
                    ? $"{bound.Scheme}://127.0.0.1:{bound.Port}"
                    : bound.GetLeftPart(UriPartial.Authority);
        }
    }

    public IReadOnlyList<Endpoint> Endpoints =>
        _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <exception cref="IOException">The address is taken.</exception>
    /// <exception cref="CommandException">Tokens or TLS cannot be used.</exception>
    public static async Task<ApiServer> StartAsync(
        GossipNode node, NodeSettings settings, ILoggerFactory logs, TimeProvider time,
        CancellationToken stop)
    {
        var parts = ApiParts.Of(settings, logs.CreateLogger("Gossip.Host.Api"), time);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<IConnectionListenerFactory>(new FrontDoors(
            settings.Http, parts.Connections, parts.Refusals, logs, time));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Apply(settings.Http);
            kestrel.Listen(settings.Api, listen =>
                listen.Apply(settings.Http, parts.Certificates));
        });
        var server = new ApiServer(builder.Build(), parts);
        try
        {
            server.Map(node, settings.Options, time);
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
        _watch?.Dispose();
        await _app.DisposeAsync();
        await _parts.DisposeAsync();
        _stopping.Dispose();
    }

    private void Map(GossipNode node, GossipOptions options, TimeProvider time)
    {
        var pump = new EventPump(time, _stopping.Token);
        _watch = BadRequests.Watch(_app.Services, _parts.Refusals);
        _app.Use(next => context => SecurityHeaders.Guard(context, next));
        _app.Use(next => context => ApiErrors.Guard(
            context, next, _parts.Refusals, _parts.Logger));
        _app.Use(next => context => _parts.Hosts.Guard(context, next));
        _app.Use(next => context => _parts.Access.Guard(context, next));
        _app.Use(next => context => _parts.Bodies.Guard(context, next));
        new TopicRoutes(node, options, IsStopping).Map(_app);
        new PolicyRoutes(node).Map(_app);
        new StreamRoute(node, pump).Map(_app);
        new EventRoute(node, pump, time).Map(_app);
        new SubscriptionRoutes(node).Map(_app);
        new ActorRoutes(node).Map(_app);
        new TrustRoutes(node, options).Map(_app);
        new PeerRoutes(node).Map(_app);
        new NodeRoutes(node, options, _parts.Refusals, IsStopping).Map(_app);

        bool IsStopping() => Volatile.Read(ref _isStopping);
    }

    /// <summary>What stands between a socket and a route.</summary>
    private sealed record ApiParts(
        X509Certificate2Collection Certificates, ApiRefusals Refusals, Connections Connections,
        Hosts Hosts, RequestRate Rate, Access Access, Bodies Bodies,
        ILogger Logger) : IAsyncDisposable
    {
        public static ApiParts Of(NodeSettings settings, ILogger logger, TimeProvider time)
        {
            var http = settings.Http;
            var certificates = ApiCertificate.Load(http);
            var tokens = http.Tokens is { } path
                ? new TokenBook(new(path), time, logger)
                : null;
            if (tokens is { IsEmpty: true })
            {
                throw CommandException.Failed("tokens-unusable",
                    $"Token file {http.Tokens} holds no token, so nobody could use the API. Make "
                    + $"one with: gossip token create --tokens {http.Tokens}");
            }

            var refusals = new ApiRefusals();
            var rate = new RequestRate(http, refusals);
            return new(
                certificates,
                refusals,
                new(http, refusals),
                new([.. http.Hosts, .. Hosts.Of(certificates.FirstOrDefault())], refusals),
                rate,
                new(tokens, rate, refusals),
                new(http, refusals),
                logger);
        }

        public ValueTask DisposeAsync() => Rate.DisposeAsync();
    }

    /// <summary>Signals are the command's business, not the web server's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
