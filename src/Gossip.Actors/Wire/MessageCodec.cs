using Gossip.Actors.Protocol;

namespace Gossip.Actors.Wire;

/// <summary>
/// How is a message spelled in bytes, and what do received bytes say? Pure: no I/O, no clock, and
/// nothing a peer sends can make it throw. Signatures are checked by whoever stores an entry.
/// </summary>
public static class MessageCodec
{
    /// <summary>The names are null before the peer's hello: no topic can be named yet.</summary>
    public static byte[] Encode(GossipMessage message, TopicNames? names) =>
        MessageEncoder.Encode(message, names);

    /// <summary>
    /// The entries of the message are slices of these bytes, which must not change any more.
    /// </summary>
    public static DecodeResult Decode(
        ReadOnlyMemory<byte> frame,
        TopicNames? names,
        GossipSizes sizes) =>
        new MessageDecoder(names, sizes, takesCompressed: true).Decode(frame);

    /// <summary>As above; compressed frames only where the options say so.</summary>
    internal static DecodeResult Decode(
        ReadOnlyMemory<byte> frame,
        TopicNames? names,
        GossipOptions options) =>
        new MessageDecoder(names, options.Sizes, options.Compression != Compression.Off)
            .Decode(frame);

    /// <summary>What goes first when a link cannot take everything.</summary>
    public static SendClass ClassOf(GossipMessage message) => message switch
    {
        GossipMessage.Announcement => SendClass.Own,
        GossipMessage.PullResponse or GossipMessage.Heads => SendClass.Relayed,
        _ => SendClass.Control,
    };
}
