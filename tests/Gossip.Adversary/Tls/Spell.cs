using System.Buffers.Binary;

namespace Gossip.Adversary.Tls;

/// <summary>How does TLS spell numbers, vectors, messages and records?</summary>
internal static class Spell
{
    public static byte[] U16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(p => p)];

    /// <summary>The parts behind their length, which takes so many bytes.</summary>
    public static byte[] Vector(int lengthBytes, params byte[][] parts)
    {
        var body = Join(parts);
        return Join(Length(lengthBytes, body.Length), body);
    }

    /// <summary>A handshake message.</summary>
    public static byte[] Message(int type, params byte[][] parts) =>
        Join([(byte)type], Vector(3, parts));

    public static byte[] Record(int type, byte[] body, int version = 0x0303) =>
        Join([(byte)type], U16(version), Vector(2, body));

    public static byte[] Length(int bytes, int length)
    {
        var all = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(all, length);
        return all[(4 - bytes)..];
    }
}
