using Gossip.Host.Api;

namespace Gossip.Host.Tests.Api;

public sealed class CursorTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("12", 12)]
    [InlineData("12.0", 11)]
    [InlineData("12.7", 11)]
    public void A_half_read_entry_is_read_again(string text, long after)
    {
        Assert.True(Cursor.TryParse(text, out var cursor));
        Assert.Equal(after, cursor.Value.After);
        Assert.Equal(text, cursor.Value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1.2.3")]
    [InlineData("0.0")]
    [InlineData("99999999999999999999")]
    public void What_is_no_cursor_is_refused(string text) =>
        Assert.False(Cursor.TryParse(text, out _));

    [Fact]
    public void It_covers_what_was_read_and_nothing_else()
    {
        Assert.True(Cursor.TryParse("12.1", out var half));
        Assert.True(half.Value.Covers(11, 5));
        Assert.True(half.Value.Covers(12, 1));
        Assert.False(half.Value.Covers(12, 2));
        Assert.False(half.Value.Covers(13, 0));
        Assert.True(Cursor.AfterEntry(12).Covers(12, 4000));
    }
}
