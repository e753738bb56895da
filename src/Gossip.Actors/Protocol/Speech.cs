using Gossip.Actors.Wire;

namespace Gossip.Actors.Protocol;

/// <summary>
/// How does what we say go out on a link? In frames that the peer takes; and compressed, where both
/// sides want that.
/// </summary>
internal sealed class Speech(Link link, GossipOptions options)
{
    /// <summary>Of a page: all but its entries, at the most.</summary>
    private const int EnvelopeBytes = 16 * 1024;

    private bool _compresses;
    private int _frameBytesMax = options.Sizes.FrameBytesMax;

    /// <summary>The peer's hello: what it takes.</summary>
    public void Heed(GossipMessage.Hello hello)
    {
        _compresses = hello.TakesCompressed && options.Compression != Compression.Off;
        _frameBytesMax = Math.Min(hello.FrameBytesMax, options.Sizes.FrameBytesMax);
    }

    public void Say(GossipMessage message, TopicNames? names, Outbox outbox)
    {
        var frame = MessageCodec.Encode(Fitting(message), names);
        var isWorthIt = _compresses
            && (options.Compression == Compression.All || message is GossipMessage.PullResponse);
        outbox.Add(new Effect.Transmit(
            link,
            isWorthIt ? CompressedFrame.Of(frame) : frame,
            MessageCodec.ClassOf(message)));
    }

    /// <summary>
    /// Only a page may be larger than what every peer takes: our own setting says how large. What
    /// does not fit is asked for again, as after any page that ended.
    /// </summary>
    private GossipMessage Fitting(GossipMessage message)
    {
        if (message is not GossipMessage.PullResponse page)
        {
            return message;
        }

        var room = (long)_frameBytesMax - EnvelopeBytes
            - page.Headers.Concat(page.Proofs.SelectMany(p => new[] { p.First, p.Second }))
                .Sum(h => h.HeaderBytes.Length + h.Signature.Length
                    + WireLimits.ItemOverheadBytes);
        var count = page.Entries
            .TakeWhile(e => (room -= e.Size + WireLimits.ItemOverheadBytes) >= 0)
            .Count();
        return count == page.Entries.Length
            ? page
            : page with { Entries = page.Entries[..Math.Max(1, count)] };
    }
}
