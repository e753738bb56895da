using Gossip.Host.Api;

namespace Gossip.Host.Tests.Api;

public sealed class ApiAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:0", true)]
    [InlineData("127.0.0.2:7780", true)]
    [InlineData("localhost:7780", true)]
    [InlineData("[::1]:7780", true)]
    [InlineData("0.0.0.0:7780", false)]
    [InlineData("[::]:7780", false)]
    [InlineData("192.168.1.2:7780", false)]
    [InlineData("[::ffff:192.168.1.2]:7780", false)]
    public void An_address_of_this_machine_is_taken(string text, bool isLoopback) =>
        Assert.Equal(isLoopback, ApiAddress.IsLoopback(ApiAddress.Parse(text, out _)!));

    [Theory]
    [InlineData("example.org:7780", "neither localhost nor an IP address")]
    [InlineData("127.0.0.1", "expected host:port")]
    [InlineData("127.0.0.1:70000", "expected host:port")]
    [InlineData(":1", "expected host:port")]
    public void Anything_else_is_refused_with_what_to_do(string text, string expected)
    {
        Assert.Null(ApiAddress.Parse(text, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    /// <summary>A token in clear is everybody's; TLS without one lets everybody in.</summary>
    [Theory]
    [InlineData("127.0.0.1:0", null, null, null, null)]
    [InlineData("127.0.0.1:0", "tokens", null, null, null)]
    [InlineData("0.0.0.0:0", "tokens", "crt", "key", null)]
    [InlineData("0.0.0.0:0", null, null, null, "api")]
    [InlineData("0.0.0.0:0", "tokens", null, null, "api")]
    [InlineData("[::]:0", null, "crt", "key", "api")]
    [InlineData("192.168.1.2:1", null, "crt", "key", "api")]
    [InlineData("127.0.0.1:0", null, "crt", null, "certificate-key")]
    [InlineData("127.0.0.1:0", null, null, "key", "certificate")]
    public void Beyond_loopback_both_tokens_and_TLS_are_needed(
        string api, string? tokens, string? certificate, string? key, string? refused)
    {
        var settings = new ApiSettings
        {
            Tokens = tokens,
            Certificate = certificate,
            CertificateKey = key,
        };
        Assert.Equal(refused, settings.Refusals(api).FirstOrDefault()?.Split(':')[0]);
    }
}
