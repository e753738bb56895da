using Gossip.Actors;
using Gossip.Host.Api;
using Gossip.Host.Client;
using Gossip.Tests;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.AspNetCore.Http;

namespace Gossip.Host.Tests.Api;

public sealed class PublishQueryTests
{
    [Fact]
    public void Nothing_asked_is_the_local_disk_and_no_key() =>
        Assert.Equal(new PublishOptions(), Read(""));

    [Theory]
    [InlineData("acks=local", 0)]
    [InlineData("acks=2", 2)]
    [InlineData("acks=peers(1024)", 1024)]
    public void Acks_name_a_number_of_peers(string query, int expected) =>
        Assert.Equal(expected, Read(query).Acks.PeerCount);

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1500)]
    [InlineData("60m", 3_600_000)]
    public void A_timeout_has_a_unit(string text, int milliseconds) => Assert.Equal(
        TimeSpan.FromMilliseconds(milliseconds), Read($"acks=1&acks-timeout={text}").AcksTimeout);

    [Fact]
    public void What_the_client_writes_is_what_the_node_reads()
    {
        var options = Read(new PublishTerms(3, "2s", "a&b=ü").ToString());
        Assert.Equal(
            new PublishOptions
            {
                Acks = Acks.Peers(3),
                AcksTimeout = TimeSpan.FromSeconds(2),
                Key = new("a&b=ü"),
            },
            options);
        Assert.Empty(PublishTerms.None.ToString());
    }

    [Theory]
    [Row("F8")]
    [InlineData("acks=0", "acks-invalid")]
    [InlineData("acks=peers(1025)", "acks-invalid")]
    [InlineData("acks=peers(1", "acks-invalid")]
    [InlineData("acks=peers()", "acks-invalid")]
    [InlineData("acks=Local", "acks-invalid")]
    [InlineData("acks=", "acks-invalid")]
    [InlineData("acks=1&acks=2", "acks-invalid")]
    [InlineData("acks=1&acks-timeout=5", "acks-timeout-invalid")]
    [InlineData("acks=1&acks-timeout=-5s", "acks-timeout-invalid")]
    [InlineData("acks=1&acks-timeout=0ms", "acks-timeout-invalid")]
    [InlineData("acks=1&acks-timeout=61m", "acks-timeout-invalid")]
    [InlineData("acks=1&acks-timeout=5sm", "acks-timeout-invalid")]
    [InlineData("acks-timeout=5s", "acks-timeout-invalid")]
    [InlineData("key=", "key-invalid")]
    [InlineData("key=a&key=b", "key-invalid")]
    [InlineData("keys=a", "query-invalid")]
    public void What_is_not_understood_is_refused_by_name(string query, string code)
    {
        var refusal = Assert.Throws<ApiException>(() => Read(query));
        Assert.Equal((400, code), (refusal.Status, refusal.Code));
    }

    [Fact]
    public void A_key_of_more_than_256_bytes_is_refused() => Assert.Equal(
        "key-invalid",
        Assert.Throws<ApiException>(() => Read($"key={new string('ü', 129)}")).Code);

    private static PublishOptions Read(string query) =>
        PublishQuery.Read(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
