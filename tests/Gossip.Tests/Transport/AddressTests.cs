using Gossip.Actors.Transport;

namespace Gossip.Tests.Transport;

/// <summary>What does "host:port" mean?</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("127.0.0.1:7780", "127.0.0.1", 7780)]
    [InlineData("[::1]:0", "::1", 0)]
    [InlineData("host.example:65535", "host.example", 65535)]
    public void A_host_and_a_port_are_read_and_written(string text, string host, int port)
    {
        Assert.Equal(new Address(host, port), Address.Parse(text));
        Assert.Equal(text, new Address(host, port).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("host")]
    [InlineData("host:")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("[]:1")]
    [InlineData("[:5")]
    [InlineData("]:5")]
    [InlineData("[::1:5")]
    [InlineData("::1]:5")]
    [InlineData("[[::1]]:5")]
    public void Anything_else_is_refused_and_said_how(string text)
    {
        var refusal = Assert.Throws<TransportException>(() => Address.Parse(text));
        Assert.Contains("expected host:port", refusal.Message, StringComparison.Ordinal);
    }
}
