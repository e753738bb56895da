using System.Text;
using Gossip.Actors;
using Gossip.Host.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

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
            request.HttpContext.Features.Set<IHttpMaxRequestBodySizeFeature>(new Largest());
            request.ContentType = PublishBody.BatchType;
            request.ContentLength = request.HttpContext.Features
                .GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize;
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

    [Fact]
    public async Task A_word_that_is_no_json_is_named_and_what_follows_it_is_not_repeated()
    {
        var context = new DefaultHttpContext();
        context.Request.Body = Request($"{{\"position\":nu{new string('M', 9000)}}}").Body;
        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => SubscriptionRoutes.PositionAsync(context));
        Assert.Contains("'nuMMMM", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(refusal.Message.Length, 1, 200);
    }

    private static HttpRequest Request(string body)
    {
        var request = new DefaultHttpContext().Request;
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return request;
    }

    private sealed class Largest : IHttpMaxRequestBodySizeFeature
    {
        public bool IsReadOnly => true;

        public long? MaxRequestBodySize { get; set; } = 6 * 1024 * 1024;
    }
}
