using System.Text;
using Gossip.Actors;
using Gossip.Host.Api;
using Microsoft.AspNetCore.Http;

namespace Gossip.Host.Tests.Api;

/// <summary>What bytes does a request bring?</summary>
public sealed class BodyTests
{
    [Fact]
    public async Task What_is_claimed_and_never_comes_costs_nothing()
    {
        await AllocatedAsync();
        Assert.InRange(await AllocatedAsync(), 0, 64 * 1024);

        static async Task<long> AllocatedAsync()
        {
            var request = Request("");
            request.ContentType = PublishBody.BatchType;
            request.ContentLength = Body.Limit(request);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var refusal = await Assert.ThrowsAsync<ApiException>(
                () => PublishBody.ReadAsync(request, new GossipOptions(), default));
            Assert.Equal("body-invalid", refusal.Code);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16 * 1024)]
    [InlineData(100_000)]
    public async Task What_comes_is_read_as_it_was(int length)
    {
        var text = new string('x', length);
        var bytes = await Body.ReadAsync(Request(text), length, default);
        Assert.Equal(text, Encoding.UTF8.GetString(bytes!));
        Assert.Null(await Body.ReadAsync(Request(text + "y"), length, default));
    }

    [Fact]
    public async Task A_small_body_that_is_large_is_refused()
    {
        var context = new DefaultHttpContext();
        context.Request.Body = Request($"{{\"position\":{new string(' ', 16 * 1024)}1}}").Body;
        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => SubscriptionRoutes.PositionAsync(context));
        Assert.Equal((413, "body-too-large"), (refusal.Status, refusal.Code));
    }

    private static HttpRequest Request(string body)
    {
        var request = new DefaultHttpContext().Request;
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return request;
    }
}
