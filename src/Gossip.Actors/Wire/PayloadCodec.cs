using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Gossip.Actors.Protocol;
using Google.Protobuf;

namespace Gossip.Actors.Wire;

/// <summary>
/// How a payload list is spelled in bytes. By hand, because each published payload passes here on
/// every node: read payloads are slices of the list, and reading to count allocates nothing.
/// </summary>
internal static class PayloadCodec
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private static readonly byte PayloadTag = Tag(Proto.PayloadList.PayloadsFieldNumber);
    private static readonly byte DataTag = Tag(Proto.Payload.DataFieldNumber);
    private static readonly byte HeaderTag = Tag(Proto.Payload.HeadersFieldNumber);
    private static readonly byte NameTag = Tag(Proto.PayloadHeader.NameFieldNumber);
    private static readonly byte ValueTag = Tag(Proto.PayloadHeader.ValueFieldNumber);

    public static byte[] Encode(IReadOnlyCollection<Payload> payloads)
    {
        var size = payloads.Sum(p => SizeOfBytes(SizeOf(p)));
        var bytes = GC.AllocateUninitializedArray<byte>(size);
        var rest = bytes.AsSpan();
        foreach (var payload in payloads)
        {
            WriteHead(PayloadTag, SizeOf(payload), ref rest);
            Write(DataTag, payload.Data.Span, ref rest);
            foreach (var (name, value) in payload.Headers)
            {
                WriteHead(HeaderTag, SizeOf(name, value), ref rest);
                Write(NameTag, StrictUtf8.GetBytes(name), ref rest);
                Write(ValueTag, StrictUtf8.GetBytes(value), ref rest);
            }
        }

        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no payload list.</exception>
    public static ImmutableArray<Payload> Decode(ReadOnlyMemory<byte> bytes)
    {
        var payloads = ImmutableArray.CreateBuilder<Payload>(Count(bytes));
        var list = new WireReader(bytes);
        while (list.Next())
        {
            if (list.Field == Proto.PayloadList.PayloadsFieldNumber)
            {
                payloads.Add(ReadPayload(list.Bytes));
            }
        }

        return payloads.MoveToImmutable();
    }

    /// <exception cref="FormatException">The bytes are no payload list.</exception>
    public static int Count(ReadOnlyMemory<byte> bytes)
    {
        var (count, fields) = (0, 0);
        var list = new WireReader(bytes);
        while (Next(ref list, ref fields))
        {
            if (list.Field == Proto.PayloadList.PayloadsFieldNumber)
            {
                Check(list.Bytes, ref fields);
                if (++count > Limits.PayloadsPerEntryMax)
                {
                    throw new FormatException("The payload list has too many payloads.");
                }
            }
        }

        return count;
    }

    /// <summary>All that <see cref="ReadPayload"/> would find wrong; keeps nothing.</summary>
    private static void Check(ReadOnlyMemory<byte> bytes, ref int fields)
    {
        var reader = new WireReader(bytes);
        while (Next(ref reader, ref fields))
        {
            if (reader.Field == Proto.Payload.HeadersFieldNumber)
            {
                CheckHeader(reader.Bytes, ref fields);
            }
            else if (reader.Field == Proto.Payload.DataFieldNumber)
            {
                _ = reader.Bytes;
            }
        }
    }

    private static void CheckHeader(ReadOnlyMemory<byte> bytes, ref int fields)
    {
        var reader = new WireReader(bytes);
        while (Next(ref reader, ref fields))
        {
            if (reader.Field is Proto.PayloadHeader.NameFieldNumber
                    or Proto.PayloadHeader.ValueFieldNumber
                && !Utf8.IsValid(reader.Bytes.Span))
            {
                throw new FormatException("A payload's header is no UTF-8.");
            }
        }
    }

    private static Payload ReadPayload(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> data = default;
        var reader = new WireReader(bytes);
        var count = reader.Count(Proto.Payload.HeadersFieldNumber);
        var headers = count == 0 ? [] : new KeyValuePair<string, string>[count];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.Payload.DataFieldNumber:
                    data = reader.Bytes;
                    break;
                case Proto.Payload.HeadersFieldNumber:
                    headers[^count--] = ReadHeader(reader.Bytes);
                    break;
            }
        }

        return new(data, ImmutableCollectionsMarshal.AsImmutableArray(headers));
    }

    private static KeyValuePair<string, string> ReadHeader(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> name = default, value = default;
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.PayloadHeader.NameFieldNumber:
                    name = reader.Bytes;
                    break;
                case Proto.PayloadHeader.ValueFieldNumber:
                    value = reader.Bytes;
                    break;
            }
        }

        return new(StrictUtf8.GetString(name.Span), StrictUtf8.GetString(value.Span));
    }

    private static bool Next(ref WireReader reader, ref int fields) =>
        reader.Next() && (++fields <= Limits.PayloadFieldsMax
            ? true
            : throw new FormatException("The payload list has too many fields."));

    private static int SizeOf(Payload payload)
    {
        var size = payload.Data.IsEmpty ? 0 : SizeOfBytes(payload.Data.Length);
        foreach (var (name, value) in payload.Headers)
        {
            size += SizeOfBytes(SizeOf(name, value));
        }

        return size;
    }

    private static int SizeOf(string name, string value) =>
        (name.Length == 0 ? 0 : SizeOfBytes(StrictUtf8.GetByteCount(name)))
        + (value.Length == 0 ? 0 : SizeOfBytes(StrictUtf8.GetByteCount(value)));

    /// <summary>With its tag and its length.</summary>
    private static int SizeOfBytes(int length) =>
        1 + CodedOutputStream.ComputeLengthSize(length) + length;

    /// <summary>As protobuf spells it: what is empty is left out.</summary>
    private static void Write(byte tag, ReadOnlySpan<byte> bytes, ref Span<byte> rest)
    {
        if (!bytes.IsEmpty)
        {
            WriteHead(tag, bytes.Length, ref rest);
            bytes.CopyTo(rest);
            rest = rest[bytes.Length..];
        }
    }

    private static void WriteHead(byte tag, int length, ref Span<byte> rest)
    {
        rest[0] = tag;
        var at = 1;
        for (var left = (uint)length; ; left >>= 7)
        {
            rest[at++] = (byte)(left > 0x7f ? left | 0x80 : left);
            if (left <= 0x7f)
            {
                break;
            }
        }

        rest = rest[at..];
    }

    private static byte Tag(int field) =>
        (byte)WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited);
}
