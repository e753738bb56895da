using System.Text;
using Gossip.Host.Api;
using Gossip.Tests;

namespace Gossip.Host.Tests.Api;

public sealed class PublishBodyTests
{
    [Fact]
    public void Each_line_of_a_batch_is_a_payload()
    {
        var payloads = PublishBody.ParseLines(Encoding.UTF8.GetBytes(
            "{\"data\":\"a\"}\r\n\n{\"base64\":\"ef8=\",\"headers\":{\"k\":\"v\"}}"));

        Assert.Equal(2, payloads.Length);
        Assert.Equal("a"u8.ToArray(), payloads[0].Data.ToArray());
        Assert.Equal(new byte[] { 0x79, 0xff }, payloads[1].Data.ToArray());
        Assert.Equal(KeyValuePair.Create("k", "v"), Assert.Single(payloads[1].Headers));
    }

    [Theory]
    [Row("F8")]
    [InlineData("{\"data\":\"a\"}\n{\"data\":1}", "Line 2")]
    [InlineData("{\"data\":\"a\",\"base64\":\"YQ==\"}", "exactly one")]
    [InlineData("{}", "exactly one")]
    [InlineData("{\"dta\":\"a\"}", "dta")]
    [InlineData("{\"base64\":\"?\"}", "Line 1")]
    [InlineData("\n", "empty")]
    public void A_bad_line_is_named_and_nothing_is_published(string body, string expected)
    {
        var e = Assert.Throws<ApiException>(
            () => PublishBody.ParseLines(Encoding.UTF8.GetBytes(body)));
        Assert.Equal("body-invalid", e.Code);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }
}
