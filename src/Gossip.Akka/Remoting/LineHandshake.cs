using System.Buffers.Binary;
using System.Text;
using Akka.Actor;
using Gossip.Actors.Protocol;

namespace Gossip.Akka.Remoting;

/// <summary>
/// What do both ends sign? Everything either said, and where each line is: a proof counts for these
/// two lines of these two systems, this once, and for one of the two roles.
/// </summary>
internal sealed record LineHandshake(Knock Dialler, Knock Door, string DiallerLine, string DoorLine)
{
    private const string Tag = "gossip/akka-line/1";

    /// <summary>Its path with host, port and the number of this very incarnation.</summary>
    public static string PathOf(IActorRef line, ActorSystem system) =>
        line.Path.ToSerializationFormatWithAddress(
            ((ExtendedActorSystem)system).Provider.DefaultAddress);

    /// <summary>What the keys of the line are derived with.</summary>
    public Hash Transcript => Sum(0);

    public byte[] ProveDialler(IKeys keys) => keys.Sign(new(Sum(1)));

    public byte[] ProveDoor(IKeys keys) => keys.Sign(new(Sum(2)));

    public bool IsDialler(IKeys keys, byte[] signature) => Verify(keys, Dialler, 1, signature);

    public bool IsDoor(IKeys keys, byte[] signature) => Verify(keys, Door, 2, signature);

    private bool Verify(IKeys keys, Knock who, byte role, byte[] signature) =>
        Did.TryFromKey(who.Key, out var did) && keys.Verify(did, new(Sum(role)), signature);

    private Hash Sum(byte role)
    {
        var bytes = new MemoryStream();
        bytes.WriteByte(role);
        foreach (var offer in (Knock[])[Dialler, Door])
        {
            bytes.Write(offer.Key);
            bytes.Write(offer.Nonce);
            bytes.Write(offer.Share);
            WriteInt32(bytes, offer.Window);
        }

        foreach (var line in (string[])[DiallerLine, DoorLine])
        {
            // With its length: where one ends and the other begins is signed as well.
            WriteInt32(bytes, Encoding.UTF8.GetByteCount(line));
            bytes.Write(Encoding.UTF8.GetBytes(line));
        }

        return Hash.Of(Tag, bytes.ToArray());
    }

    private static void WriteInt32(MemoryStream bytes, int value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, value);
        bytes.Write(four);
    }
}
