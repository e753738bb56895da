using Gossip.Host.Api;

namespace Gossip.Host.Tests.Api;

public sealed class LoopbackTests
{
    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.2:7780")]
    [InlineData("localhost:7780")]
    [InlineData("[::1]:7780")]
    public void Loopback_is_taken(string text) => Assert.NotNull(Loopback.Parse(text, out _));

    [Theory]
    [InlineData("0.0.0.0:7780", "not on loopback")]
    [InlineData("192.168.1.2:7780", "not on loopback")]
    [InlineData("example.org:7780", "not on loopback")]
    [InlineData("127.0.0.1", "expected host:port")]
    [InlineData("127.0.0.1:70000", "expected host:port")]
    [InlineData(":1", "expected host:port")]
    public void Anything_else_is_refused_with_what_to_do(string text, string expected)
    {
        Assert.Null(Loopback.Parse(text, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }
}
