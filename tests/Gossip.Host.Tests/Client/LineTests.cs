using System.Buffers;
using System.Text;
using Gossip.Host.Client;

namespace Gossip.Host.Tests.Client;

public sealed class LineTests
{
    [Theory]
    [InlineData("a\nb\r\n\nc", "a|b||c")]
    [InlineData("a\n", "a")]
    [InlineData("\r\n", "")]
    [InlineData("a\rb\n", "a\rb")]
    [InlineData("", null)]
    public void Lines_end_with_LF_or_CRLF_and_the_last_may_lack_it(string text, string? expected)
    {
        var rest = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text));
        var lines = new List<string>();
        while (LinePublisher.TakeLine(ref rest, isCompleted: true) is { } line)
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        Assert.Equal(expected, lines.Count == 0 ? null : string.Join('|', lines));
    }

    [Fact]
    public void An_unfinished_line_waits_for_its_rest()
    {
        var rest = new ReadOnlySequence<byte>("abc"u8.ToArray());
        Assert.Null(LinePublisher.TakeLine(ref rest, isCompleted: false));
        Assert.Equal(3, rest.Length);
    }

    [Fact]
    public void A_batch_is_full_at_500_lines()
    {
        using var batch = new LineBatch();
        for (var i = 0; i < LineBatch.LinesMax; i++)
        {
            Assert.True(batch.TryAdd(new("x"u8.ToArray())));
        }

        Assert.False(batch.TryAdd(new("x"u8.ToArray())));
        batch.Clear();
        Assert.True(batch.TryAdd(new("x"u8.ToArray())));
    }

    [Fact]
    public void A_batch_is_full_at_256_KiB_and_a_larger_line_goes_alone()
    {
        using var batch = new LineBatch();
        Assert.True(batch.TryAdd(new(new byte[LineBatch.BytesMax + 1])));
        Assert.False(batch.TryAdd(new("x"u8.ToArray())));
    }

    [Fact]
    public void Lines_are_spelled_as_the_API_reads_them()
    {
        using var batch = new LineBatch();
        batch.TryAdd(new("a\"b"u8.ToArray()));
        batch.TryAdd(new(new byte[] { 0x79, 0xff }));
        Assert.Equal(
            "{\"data\":\"a\\\"b\"}\n{\"base64\":\"ef8=\"}\n",
            Encoding.UTF8.GetString(batch.Body.Span));
    }
}
