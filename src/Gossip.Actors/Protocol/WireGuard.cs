using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Will parsing these bytes stay cheap? Counts fields before a parser allocates for them: a
/// megabyte of empty repeated messages would otherwise become forty of objects.
/// </summary>
internal static class WireGuard
{
    /// <summary>
    /// False when the bytes are cut short, malformed, or hold more fields than this.
    /// </summary>
    public static bool Fits(ReadOnlySpan<byte> bytes, MessageDescriptor type, int fieldsMax) =>
        Count(bytes, type, ref fieldsMax);

    private static bool Count(ReadOnlySpan<byte> bytes, MessageDescriptor type, ref int fieldsLeft)
    {
        while (!bytes.IsEmpty)
        {
            if (--fieldsLeft < 0 || !TryReadVarint(ref bytes, out var tag) || tag > uint.MaxValue)
            {
                return false;
            }

            ulong length;
            switch (WireFormat.GetTagWireType((uint)tag))
            {
                case WireFormat.WireType.Varint when TryReadVarint(ref bytes, out _):
                    continue;
                case WireFormat.WireType.Fixed64:
                    length = 8;
                    break;
                case WireFormat.WireType.Fixed32:
                    length = 4;
                    break;
                case WireFormat.WireType.LengthDelimited when TryReadVarint(ref bytes, out length):
                    break;
                default:
                    return false;
            }

            if (length > (ulong)bytes.Length)
            {
                return false;
            }

            var field = type.FindFieldByNumber(WireFormat.GetTagFieldNumber((uint)tag));
            if (!CountInside(bytes[..(int)length], field, ref fieldsLeft))
            {
                return false;
            }

            bytes = bytes[(int)length..];
        }

        return true;
    }

    private static bool CountInside(
        ReadOnlySpan<byte> value,
        FieldDescriptor? field,
        ref int fieldsLeft)
    {
        if (field?.FieldType == FieldType.Message)
        {
            return Count(value, field.MessageType, ref fieldsLeft);
        }

        // A packed list of numbers: one item takes a byte at least.
        fieldsLeft -= field is { IsRepeated: true, IsPacked: true } ? value.Length : 0;
        return fieldsLeft >= 0;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < 10 && i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
