using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>Who gets answers compressed, and what becomes of a bomb on a real link?</summary>
[Row("C8")]
public sealed class CompressionTests
{
    [Theory]
    [InlineData(true, Compression.Answers, true)]
    [InlineData(false, Compression.Answers, false)]
    [InlineData(true, Compression.Off, false)]
    public async Task A_page_is_smaller_for_whoever_takes_that_and_the_same_for_the_others(
        bool takesIt, Compression option, bool isCompressed)
    {
        await using var siege = await Siege.BeginAsync(o => o with { Compression = option });
        var text = string.Concat(Enumerable.Range(0, 2000).Select(i => $"reading {i}; "));
        var receipt = (await Cluster.PublishAsync(siege.Target, text))[0];
        await using var peer = await HostilePeer.MeetAsync(
            siege.Target, takesCompressed: takesIt);
        await peer.SayAsync(new GossipMessage.PullRequest(
            HostilePeer.Topic, 1,
            [Want.EntriesOf(receipt.Dot.Log, IntervalSet.UpTo(receipt.Dot.Seq))]));
        var page = await peer.HearAsync<GossipMessage.PullResponse>();

        Assert.Equal(isCompressed, CompressedFrame.IsOne(peer.Longest));
        Assert.Equal(isCompressed, peer.Longest.Length < text.Length / 2);
        Assert.Contains(page.Entries, e => e.Id == receipt.Entry
            && Encoding.UTF8.GetString(
                EntryFormat.DecodePayloads(e.PayloadList)[0].Data.Span) == text);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Whoever_sends_what_does_not_open_is_sent_away()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        await peer.TrySendAsync([0x7a, 0x09, 0x08, 0x80, 0x80, 0x40, 0x12, 0x03, 0x03, 0x00, 0x00]);
        Assert.Equal(GoodbyeCode.Malformed, await peer.EndAsync());
        await siege.CountedAsync("refused.frame-malformed", 1);
        await siege.GoesOnAsync();
    }
}
