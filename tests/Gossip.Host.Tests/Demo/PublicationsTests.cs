using Gossip.Host.Demo;

namespace Gossip.Host.Tests.Demo;

public sealed class PublicationsTests
{
    private readonly Publications _publications = new(["same", "same", "", "#1 same"]);

    [Fact]
    public void Equal_lines_are_told_apart()
    {
        for (var line = 0; line < _publications.Count; line++)
        {
            Assert.Equal(line, _publications.LineOf(_publications.Payload(line)));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("same")]
    [InlineData("#1 changed")]
    [InlineData("#9 same")]
    [InlineData("#0 same")]
    [InlineData("#")]
    public void What_was_never_published_is_no_line(string? payload) =>
        Assert.Null(_publications.LineOf(payload));

    [Fact]
    public void An_unknown_outcome_counts_once_it_is_resolved()
    {
        _publications.Record(0, Publications.Outcome.Acknowledged);
        _publications.Record(1, Publications.Outcome.Unknown);
        Assert.Equal((1, 1), (_publications.Acknowledged, _publications.Unknown));

        _publications.Record(1, Publications.Outcome.Acknowledged);
        Assert.Equal((2, 0), (_publications.Acknowledged, _publications.Unknown));
    }
}
