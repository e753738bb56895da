using Gossip.Actors.Wire;

namespace Gossip.Actors.Protocol;

/// <summary>
/// How does what we say go out on a link? Encoded; and compressed, where both sides want that.
/// </summary>
internal sealed class Speech(Link link, GossipOptions options)
{
    private bool _compresses;

    /// <summary>The peer's hello: what it takes.</summary>
    public void Heed(GossipMessage.Hello hello) =>
        _compresses = hello.TakesCompressed && options.Compression != Compression.Off;

    public void Say(GossipMessage message, TopicNames? names, Outbox outbox)
    {
        var frame = MessageCodec.Encode(message, names);
        var isWorthIt = _compresses
            && (options.Compression == Compression.All || message is GossipMessage.PullResponse);
        outbox.Add(new Effect.Transmit(
            link,
            isWorthIt ? CompressedFrame.Of(frame) : frame,
            MessageCodec.ClassOf(message)));
    }
}
