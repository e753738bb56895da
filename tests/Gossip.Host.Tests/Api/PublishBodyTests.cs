using System.Text;
using Gossip.Actors.Protocol;
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

    [Fact]
    public void What_is_escaped_is_read_over_its_own_spelling()
    {
        var payloads = PublishBody.ParseLines(Encoding.UTF8.GetBytes(
            "{\"data\":\"a\\n\\u00e4b\",\"headers\":{\"b\":\"2\",\"a\":\"\\u00e4\"}}\n"
            + "{\"base64\":\"eQ\\u003d=\",\"data\":null}"));

        Assert.Equal("a\näb", Encoding.UTF8.GetString(payloads[0].Data.Span));
        Assert.Equal<IEnumerable<KeyValuePair<string, string>>>(
            [KeyValuePair.Create("a", "ä"), KeyValuePair.Create("b", "2")], payloads[0].Headers);
        Assert.Equal("y"u8.ToArray(), payloads[1].Data.ToArray());
    }

    [Fact]
    public void As_many_of_the_smallest_lines_as_are_taken_stay_cheap()
    {
        var line = "{\"data\":\"x\"}\n";
        var body = string.Concat(Enumerable.Repeat(line, Limits.PayloadsPerEntryMax));
        Read();
        Assert.InRange(Read(), 0, 4L * body.Length + 64 * 1024);

        long Read()
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(Limits.PayloadsPerEntryMax, PublishBody.ParseLines(bytes).Length);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Theory]
    [Row("F8")]
    [InlineData("{\"data\":\"a\"}\n{\"data\":1}", "Line 2")]
    [InlineData("{\"data\":\"a\",\"base64\":\"YQ==\"}", "exactly one")]
    [InlineData("{}", "exactly one")]
    [InlineData("{\"dta\":\"a\"}", "dta")]
    [InlineData("{\"base64\":\"?\"}", "Line 1")]
    [InlineData("{\"data\":nothing}", "'nothing' stands outside quotes")]
    [InlineData("{\"data\":\"a\"} {}", "Line 1")]
    [InlineData("{\"data\":\"\\ud800\"}", "no Unicode")]
    [InlineData("{\"data\":\"a\",\"headers\":{\"k\":null}}", "a header's value")]
    [InlineData("{\"data\":\"a\",\"headers\":{\"k\":\"1\",\"k\":\"2\"}}", "stands there twice")]
    [InlineData("{\"data\":\"a\",\"data\":\"b\"}", "stands there twice")]
    [InlineData("[1]", "an object")]
    [InlineData("\n", "empty")]
    public void A_bad_line_is_named_and_nothing_is_published(string body, string expected)
    {
        var e = Assert.Throws<ApiException>(
            () => PublishBody.ParseLines(Encoding.UTF8.GetBytes(body)));
        Assert.Equal("body-invalid", e.Code);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }
}
