using System.Buffers.Binary;
using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Wire;

/// <summary>The messages that are about the link itself, and the names in them.</summary>
internal static class SessionDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static GossipMessage.Hello Hello(ReadOnlyMemory<byte> body)
    {
        var (version, frameBytesMax, instance) = (0UL, 0UL, 0UL);
        var takesCompressed = false;
        ReadOnlyMemory<byte> network = default, key = default, nonce = default, address = default;
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.Hello.VersionFieldNumber:
                    version = reader.Varint;
                    break;
                case Proto.Hello.NetworkFieldNumber:
                    network = reader.Bytes;
                    break;
                case Proto.Hello.KeyFieldNumber:
                    key = reader.Bytes;
                    break;
                case Proto.Hello.InstanceFieldNumber:
                    instance = reader.Fixed64;
                    break;
                case Proto.Hello.NonceFieldNumber:
                    nonce = reader.Bytes;
                    break;
                case Proto.Hello.ListenAddressFieldNumber:
                    address = reader.Bytes;
                    break;
                case Proto.Hello.FrameBytesMaxFieldNumber:
                    frameBytesMax = reader.Varint;
                    break;
                case Proto.Hello.TakesCompressedFieldNumber:
                    takesCompressed = reader.Varint != 0;
                    break;
            }
        }

        return new(
            checked((int)version),
            Text(network, Limits.NetworkBytesMax),
            Did.FromKey(key.Span),
            instance,
            nonce.Length == 16
                ? new(BinaryPrimitives.ReadUInt128BigEndian(nonce.Span))
                : throw new FormatException($"A nonce is 16 bytes, not {nonce.Length}."),
            Text(address, WireLimits.AddressBytesMax),
            frameBytesMax is >= WireLimits.FrameBytesMin and <= int.MaxValue
                ? (int)frameBytesMax
                : throw new FormatException(
                    $"A peer takes frames of {WireLimits.FrameBytesMin} bytes at least, "
                    + $"not {frameBytesMax}."))
        {
            TakesCompressed = takesCompressed,
        };
    }

    /// <summary>A code that is unknown here still ends the session; its reason says why.</summary>
    public static GossipMessage.Goodbye Goodbye(ReadOnlyMemory<byte> body)
    {
        var code = 0UL;
        ReadOnlyMemory<byte> reason = default;
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.Goodbye.CodeFieldNumber:
                    code = reader.Varint;
                    break;
                case Proto.Goodbye.ReasonFieldNumber:
                    reason = reader.Bytes;
                    break;
            }
        }

        return new(
            code <= int.MaxValue && Enum.IsDefined((GoodbyeCode)code)
                ? (GoodbyeCode)code
                : GoodbyeCode.None,
            Text(reason, WireLimits.ReasonBytesMax));
    }

    /// <summary>The number in a ping or a pong.</summary>
    public static ulong Token(ReadOnlyMemory<byte> body)
    {
        var token = 0UL;
        var reader = new WireReader(body);
        while (reader.Next())
        {
            token = reader.Field == Proto.Ping.TokenFieldNumber ? reader.Fixed64 : token;
        }

        return token;
    }

    /// <summary>
    /// The topic's name on this link: the first field of every message about a topic.
    /// </summary>
    public static TopicToken Topic(ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        while (reader.Next())
        {
            if (reader.Field == Proto.Subscribe.TopicFieldNumber)
            {
                return new(Hash.Read(reader.Bytes.Span));
            }
        }

        throw new FormatException("A message names no topic.");
    }

    private static string Text(ReadOnlyMemory<byte> bytes, int bytesMax)
    {
        if (bytes.Length > bytesMax)
        {
            throw new FormatException($"A text of {bytes.Length} bytes; at most {bytesMax}.");
        }

        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("A text is not UTF-8.", e);
        }
    }
}
