using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Wire;
using Gossip.Tests.Storage;

namespace Gossip.Tests.Protocol;

/// <summary>Does a peer that takes smaller frames than we send get what it asks for?</summary>
[Row("C7")]
public sealed class SpeechTests
{
    private const int MiB = 1024 * 1024;

    [Theory]
    [InlineData(1, 9)]
    [InlineData(4, 30)]
    [InlineData(8, 30)]
    public void A_page_fits_the_frame_that_the_peer_takes(int mebibytes, int entries)
    {
        var options = new GossipOptions
        {
            Compression = Compression.Off,
            Sizes = new() { FrameBytesMax = 4 * MiB, PageBytesMax = 3 * MiB },
        };
        var log = new TestLog(new("t"), 1) { PayloadBytes = 110_000 };
        var speech = new Speech(new(1), options);
        var self = new Self(EcKeys.Generate().Self, 1, "test", "");
        speech.Heed(HelloRules.Own(self, default, new()
        {
            Sizes = new() { FrameBytesMax = mebibytes * MiB },
        }));

        var outbox = new Outbox();
        speech.Say(
            new GossipMessage.PullResponse(log.Topic, 1, [.. log.Range(1, 30)], [], []),
            new TopicNames(default, default), outbox);
        var sent = Assert.IsType<Effect.Transmit>(Assert.Single(outbox.Drain()));
        Assert.InRange(sent.Frame.Length, entries * 110_000, Math.Min(4, mebibytes) * MiB);
        Assert.InRange(sent.Frame.Length, 0, (entries + 1) * 110_400);
    }
}
