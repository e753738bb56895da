using Akka.Configuration;
using Gossip.Actors;
using Gossip.Akka.Persistence;

namespace Gossip.Akka.Tests.Persistence;

public sealed class JournalOptionsTests
{
    [Fact]
    public void What_is_shipped_is_the_default()
    {
        var shipped = ConfigurationFactory.FromResource(
            "Gossip.Akka.akka.conf", typeof(AkkaGossip).Assembly);
        Assert.True(shipped.HasPath($"{JournalOptions.Section}.summary-every"));
        Assert.True(shipped.HasPath($"{JournalOptions.Section}.recent-bytes-max"));
        Assert.Equal(JournalOptions.Default, JournalOptions.Of(shipped));
        Assert.Equal(JournalOptions.Default, JournalOptions.Of(Config.Empty));
    }

    [Fact]
    public void Each_can_be_chosen()
    {
        var config = ConfigurationFactory.ParseString(
            $"{JournalOptions.Section} {{ summary-every = 7, recent-bytes-max = 64KiB }}");
        Assert.Equal(
            new JournalOptions { SummaryEvery = 7, RecentBytesMax = 65_536 },
            JournalOptions.Of(config));
    }

    [Theory]
    [InlineData("summary-every", "0")]
    [InlineData("summary-every", "often")]
    [InlineData("recent-bytes-max", "-1")]
    [InlineData("recent-bytes-max", "much")]
    public void A_value_that_is_none_is_refused_by_its_name(string key, string value)
    {
        var config = ConfigurationFactory.ParseString(
            $"{JournalOptions.Section}.{key} = \"{value}\"");
        var failure = Assert.Throws<GossipException>(() => JournalOptions.Of(config));
        Assert.Equal("options-invalid", failure.Code);
        Assert.StartsWith($"{JournalOptions.Section}.{key} is ", failure.Message);
    }
}
