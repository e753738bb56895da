using System.Text;
using Gossip.Host.Api;

namespace Gossip.Host.Tests.Api;

/// <summary>From how many bytes on is a first request worth hearing?</summary>
public sealed class FirstRequestTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("GET /status HTTP/1.1\r\nHost: x\r\n", null)]
    [InlineData("GET /status HTTP/1.1\r\nHost: x\r\n\r\n", 33L)]
    [InlineData("GET /status HTTP/1.1\nHost: x\n\n", 30L)]
    [InlineData("GET / HTTP/1.1\r\n\r\nGET / HTTP", 18L)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n", 38L + 9)]
    [InlineData("POST / HTTP/1.1\r\ncontent-length:9\t\r\n\r\n{", 38L + 9)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n", 42L + 500)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 39L)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 38L)]
    [InlineData("POST / HTTP/1.1\r\nX-Content-Length: 9\r\n\r\n", 40L)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 47L)]
    [InlineData("P / HTTP/1.1\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n", 57L)]
    [InlineData("\u0016\u0003\u0001", 3L)]
    public void Of_http(string begun, long? expected) =>
        Assert.Equal(expected, FirstRequest.BytesOfHttp(Encoding.ASCII.GetBytes(begun), 500));

    /// <summary>What the web server would have asked for by the end of the same grace.</summary>
    [Theory]
    [InlineData(240, 5, 1200)]
    [InlineData(1 << 20, 3600, 16 * 1024)]
    public void Of_a_body(int rate, int grace, int expected) =>
        Assert.Equal(expected, FirstRequest.BodyBytes(
            new() { RateBytesMin = rate, RateGrace = TimeSpan.FromSeconds(grace) }));

    [Theory]
    [InlineData("", null)]
    [InlineData("16030102", null)]
    [InlineData("1603010200", 5L + 0x200)]
    [InlineData("474554", 3L)]
    public void Of_tls(string begun, long? expected) =>
        Assert.Equal(expected, FirstRequest.BytesOfTls(Convert.FromHexString(begun)));
}
