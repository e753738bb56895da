using System.Buffers.Binary;
using Google.Protobuf;

namespace Gossip.Actors.Wire;

/// <summary>
/// The fields of one protobuf message, one after the other. Slices instead of copying, and
/// allocates nothing, so what bytes claim costs nothing until it is checked.
/// </summary>
internal struct WireReader(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _rest = bytes;
    private ReadOnlyMemory<byte> _bytes;
    private ulong _number;
    private WireFormat.WireType _type;

    /// <summary>The current field's number.</summary>
    public int Field { get; private set; }

    /// <summary>
    /// Whether the current field holds bytes; a list of numbers may come either way.
    /// </summary>
    public readonly bool IsBytes => _type == WireFormat.WireType.LengthDelimited;

    public readonly ulong Varint => As(WireFormat.WireType.Varint) ? _number : 0;

    public readonly ulong Fixed64 => As(WireFormat.WireType.Fixed64) ? _number : 0;

    public readonly ReadOnlyMemory<byte> Bytes =>
        As(WireFormat.WireType.LengthDelimited) ? _bytes : default;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>False at the end.</summary>
    /// <exception cref="FormatException">Cut short, or no protobuf.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = NextVarint();
        Field = tag is > 7 and <= uint.MaxValue
            ? WireFormat.GetTagFieldNumber((uint)tag)
            : throw new FormatException("A field has no number.");
        _type = WireFormat.GetTagWireType((uint)tag);
        switch (_type)
        {
            case WireFormat.WireType.Varint:
                _number = NextVarint();
                break;
            case WireFormat.WireType.Fixed64:
                _number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span);
                break;
            case WireFormat.WireType.Fixed32:
                _number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);
                break;
            case WireFormat.WireType.LengthDelimited:
                _bytes = Take(NextVarint());
                break;
            default:
                throw new FormatException($"A field has the type {(int)_type}, which is not used.");
        }

        return true;
    }

    /// <summary>The next number of a packed list.</summary>
    public ulong NextVarint()
    {
        var span = _rest.Span;
        var value = 0UL;
        for (var i = 0; i < 10 && i < span.Length; i++)
        {
            value |= (ulong)(span[i] & 0x7f) << (7 * i);
            if (span[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new FormatException("A number is cut short or too long.");
    }

    /// <summary>
    /// How often a field occurs in what is left: known before anything is allocated.
    /// </summary>
    public readonly int Count(int field)
    {
        var reader = this;
        var count = 0;
        while (reader.Next())
        {
            count += reader.Field == field ? 1 : 0;
        }

        return count;
    }

    private ReadOnlyMemory<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new FormatException("A field is longer than what is left.");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private readonly bool As(WireFormat.WireType type) => _type == type
        ? true
        : throw new FormatException($"Field {Field} has the type {_type}, not {type}.");
}
