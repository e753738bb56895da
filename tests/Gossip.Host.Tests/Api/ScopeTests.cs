using Gossip.Host.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Gossip.Host.Tests.Api;

/// <summary>Which scope does each route need? A new route is a new line here.</summary>
public sealed class ScopeTests
{
    private static readonly string[] Expected =
    [
        "DELETE /topics/{name}/subscriptions/{subscription}: Admin",
        "DELETE /trust/{did}: Admin",
        "GET /actors: Read",
        "GET /closures: Read",
        "GET /entries/{id}: Read",
        "GET /events: Read",
        "GET /healthz: Open",
        "GET /limits: Read",
        "GET /metrics: Read",
        "GET /peers: Read",
        "GET /readyz: Open",
        "GET /status: Read",
        "GET /subscriptions: Read",
        "GET /topics/{name}/entries: Read",
        "GET /topics/{name}/policy: Read",
        "GET /topics/{name}/stream: Read",
        "GET /topics/{name}/subscriptions: Read",
        "GET /topics/{name}: Read",
        "GET /topics: Read",
        "GET /trust/{did}: Read",
        "GET /trust: Read",
        "GET /version: Read",
        "POST /entries/{id}/erase: Admin",
        "POST /key/rotate: Admin",
        "POST /peers/{did}/block: Admin",
        "POST /peers/{did}/pardon: Admin",
        "POST /peers/{did}/unblock: Admin",
        "POST /sync: Admin",
        "POST /topics/{name}/actors/{actor}/resume: Admin",
        "POST /topics/{name}/appoint: Admin",
        "POST /topics/{name}/end: Admin",
        "POST /topics/{name}/entries: Publish",
        "POST /topics/{name}/invite: Admin",
        "POST /topics/{name}/join: Admin",
        "POST /topics/{name}/revoke: Admin",
        "POST /topics/{name}/take-over: Admin",
        "POST /topics: Admin",
        "POST /trust: Admin",
        "PUT /topics/{name}/subscriptions/{subscription}: Read",
        "PUT /topics/{name}/terms: Admin",
    ];

    [Fact]
    public async Task Every_route_says_which_scope_it_needs()
    {
        await using var rig = await ApiRig.StartAsync(new());
        Assert.Equal(Expected, rig.Server.Endpoints.Cast<RouteEndpoint>()
            .Select(route => $"{Methods(route)} {route.RoutePattern.RawText}: {Scopes.Of(route)}")
            .Order(StringComparer.Ordinal));
    }

    private static string Methods(Endpoint route) =>
        string.Join(' ', route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods);

    /// <summary>Forgotten is closed, with and without tokens.</summary>
    [Fact]
    public async Task A_route_that_does_not_say_is_closed()
    {
        var builder = new RouteEndpointBuilder(
            _ => Task.CompletedTask, RoutePatternFactory.Parse("/forgotten"), 0);
        var context = new DefaultHttpContext();
        context.SetEndpoint(builder.Build());
        var refusals = new ApiRefusals();
        await using var rate = new RequestRate(new(), refusals);

        var refusal = await Assert.ThrowsAsync<ApiException>(() =>
            new Access(null, rate, refusals).Guard(context, _ => Task.CompletedTask));

        Assert.Equal((403, "scope-undeclared"), (refusal.Status, refusal.Code));
    }

    [Theory]
    [InlineData("read", "read")]
    [InlineData("admin,read", "read,admin")]
    [InlineData("read,publish,admin", "read,publish,admin")]
    public void Scopes_are_read_and_shown(string text, string shown) =>
        Assert.Equal(shown, Scopes.Show(Scopes.Parse(text)!.Value));

    [Theory]
    [InlineData("")]
    [InlineData("read,")]
    [InlineData("Read")]
    [InlineData("open")]
    [InlineData("read publish")]
    [InlineData("7")]
    public void What_is_no_scope_gives_none(string text) => Assert.Null(Scopes.Parse(text));
}
