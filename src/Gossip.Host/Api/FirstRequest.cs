using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Gossip.Host.Api;

/// <summary>
/// How much must a stranger have sent before the web server hears of it? What an honest caller
/// sends at once: the head of a request and the beginning of its body, or a whole TLS record.
/// </summary>
internal static class FirstRequest
{
    /// <summary>A socket holds so much unread, and the longest head beside it.</summary>
    private const int BodyBytesMax = 16 * 1024;

    /// <summary>Type, version and length (RFC 8446, 5.1).</summary>
    private const int RecordHeadBytes = 5;
    private const byte Handshake = 22;

    private static ReadOnlySpan<byte> Crlf => "\r\n\r\n"u8;

    private static ReadOnlySpan<byte> Lf => "\n\n"u8;

    /// <summary>
    /// Of a body: so much has come when its grace is over, at the slowest rate that is allowed.
    /// </summary>
    public static int BodyBytes(ApiSettings settings) =>
        (int)Math.Min(BodyBytesMax, settings.RateBytesMin * settings.RateGrace.TotalSeconds);

    /// <summary>
    /// From its first byte on; null until its head is here. Whatever is no request at all is the
    /// web server's to refuse: then what is here is enough.
    /// </summary>
    public static long? BytesOfHttp(ReadOnlySpan<byte> begun, int bodyBytes)
    {
        if (begun.IsEmpty || !char.IsAsciiLetter((char)begun[0]))
        {
            return begun.IsEmpty ? null : begun.Length;
        }

        var (end, ending) = (begun.IndexOf(Crlf), Crlf.Length);
        if (end < 0)
        {
            // The web server takes these, too.
            (end, ending) = (begun.IndexOf(Lf), Lf.Length);
        }

        return end < 0 ? null : end + ending + Math.Min(BodyOf(begun[..end]), bodyBytes);
    }

    public static long? BytesOfTls(ReadOnlySpan<byte> begun) =>
        begun.IsEmpty ? null
        : begun[0] != Handshake ? begun.Length
        : begun.Length < RecordHeadBytes ? null
        : RecordHeadBytes + BinaryPrimitives.ReadUInt16BigEndian(begun[3..]);

    /// <summary>
    /// None for who wants to be asked for it first, or does not say how long it is.
    /// </summary>
    private static long BodyOf(ReadOnlySpan<byte> head)
    {
        long body = 0;
        foreach (var range in head.Split((byte)'\n'))
        {
            var line = head[range];
            var colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            if (Ascii.EqualsIgnoreCase(line[..colon], "Expect"u8))
            {
                return 0;
            }

            if (Ascii.EqualsIgnoreCase(line[..colon], "Content-Length"u8)
                && Utf8Parser.TryParse(line[(colon + 1)..].Trim(" \t\r"u8), out long length, out _)
                && length > 0)
            {
                body = length;
            }
        }

        return body;
    }
}
