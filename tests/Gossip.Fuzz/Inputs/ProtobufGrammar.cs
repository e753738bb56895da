using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Fuzz.Inputs;

/// <summary>Protobuf, as the project's own descriptors spell it.</summary>
internal sealed class ProtobufGrammar(MessageDescriptor type) : IGrammar
{
    // Bytes fields that hold a message: encoded once, by the author.
    private static readonly Dictionary<string, MessageDescriptor> Inside = new()
    {
        [$"{Proto.SignedHeader.Descriptor.FullName}.header"] = Proto.Header.Descriptor,
        [$"{Proto.Entry.Descriptor.FullName}.header"] = Proto.Header.Descriptor,
        [$"{Proto.Entry.Descriptor.FullName}.payloads"] = Proto.PayloadList.Descriptor,
    };

    // Sizes that mean something: prefixes, hashes, keys, signatures.
    private static readonly int[] Sizes = [0, 1, 15, 16, 17, 31, 32, 33, 34, 63, 64, 65, 129, 300];

    private static readonly ulong[] Numbers =
        [0, 1, 2, 3, 127, 128, 1024, 4096, 1 << 16, int.MaxValue, uint.MaxValue, 1UL << 53,
            (1UL << 53) + 1, long.MaxValue, ulong.MaxValue];

    // Which message a part is; parts that were moved elsewhere take it along.
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<Node, MessageDescriptor>
        _types = [];

    public Node? Read(byte[] bytes) => Read(bytes, type, 0);

    public byte[] Write(Node root)
    {
        using var output = new MemoryStream();
        WriteParts(root, output);
        return output.ToArray();
    }

    public Node New(Node inside, Random random)
    {
        var fields = (_types.TryGetValue(inside, out var known) ? known : type).Fields
            .InFieldNumberOrder();
        var field = fields.Count == 0 ? null : fields[random.Next(fields.Count)];
        return field is null ? Leaf(8, []) : Make(field, 0, random);
    }

    public byte[] Value(Node leaf, Random random)
    {
        switch (WireFormat.GetTagWireType((uint)leaf.Tag))
        {
            case WireFormat.WireType.Varint or WireFormat.WireType.Fixed64:
                var number = Numbers[random.Next(Numbers.Length)];
                return Number(random.Next(2) == 0 ? number : number >> random.Next(64));
            default:
                var bytes = new byte[Sizes[random.Next(Sizes.Length)]];
                random.NextBytes(bytes);
                return bytes;
        }
    }

    public ulong Tag(Node part, Random random) => random.Next(3) switch
    {
        0 => (part.Tag & ~7UL) | (uint)random.Next(8),
        1 => (part.Tag & 7) | ((ulong)random.Next(16) << 3),
        _ => (ulong)random.NextInt64() >> random.Next(64),
    };

    private Node? Read(byte[] bytes, MessageDescriptor of, ulong tag)
    {
        var node = new Node { Tag = tag };
        _types.Add(node, of);
        try
        {
            using var input = new CodedInputStream(bytes);
            while (input.ReadTag() is not 0 and var next)
            {
                node.Parts.Add(ReadPart(input, of, next));
            }

            return node;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private Node ReadPart(CodedInputStream input, MessageDescriptor of, uint tag)
    {
        switch (WireFormat.GetTagWireType(tag))
        {
            case WireFormat.WireType.Varint:
                return Leaf(tag, Number(input.ReadUInt64()));
            case WireFormat.WireType.Fixed64:
                return Leaf(tag, Number(input.ReadFixed64()));
            case WireFormat.WireType.Fixed32:
                return Leaf(tag, Number(input.ReadFixed32()));
            default:
                var bytes = input.ReadBytes().ToByteArray();
                var field = of.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag));
                return MessageIn(field) is { } inner && Read(bytes, inner, tag) is { } node
                    ? node
                    : Leaf(tag, bytes);
        }
    }

    private Node Make(FieldDescriptor field, int depth, Random random)
    {
        var wire = MessageIn(field) is not null || field.FieldType == FieldType.Bytes
            ? WireFormat.WireType.LengthDelimited
            : field.FieldType == FieldType.Fixed64 ? WireFormat.WireType.Fixed64
            : WireFormat.WireType.Varint;
        var tag = WireFormat.MakeTag(field.FieldNumber, wire);
        if (MessageIn(field) is not { } message)
        {
            var leaf = Leaf(tag, []);
            leaf.Bytes = Value(leaf, random);
            return leaf;
        }

        var node = new Node { Tag = tag };
        _types.Add(node, message);
        node.Parts.AddRange(message.Fields.InFieldNumberOrder()
            .Where(_ => depth < 5 && random.Next(8) > 0)
            .Select(inner => Make(inner, depth + 1, random)));
        return node;
    }

    private static MessageDescriptor? MessageIn(FieldDescriptor? field) => field switch
    {
        null => null,
        { FieldType: FieldType.Message } => field.MessageType,
        _ => Inside.GetValueOrDefault(field.FullName),
    };

    private static void WriteParts(Node node, MemoryStream output)
    {
        foreach (var part in node.Parts)
        {
            WriteVarint(part.Tag, output);
            var bytes = part.Bytes ?? Parts(part);
            switch (WireFormat.GetTagWireType((uint)part.Tag))
            {
                case WireFormat.WireType.Varint:
                    WriteVarint(Number(bytes), output);
                    break;
                case WireFormat.WireType.Fixed64:
                    output.Write(Number(Number(bytes)));
                    break;
                case WireFormat.WireType.Fixed32:
                    output.Write(Number(Number(bytes)), 0, 4);
                    break;
                default:
                    WriteVarint(part.Claim ?? (ulong)bytes.Length, output);
                    output.Write(bytes);
                    break;
            }
        }
    }

    private static void WriteVarint(ulong number, MemoryStream output)
    {
        for (; number > 0x7f; number >>= 7)
        {
            output.WriteByte((byte)(number | 0x80));
        }

        output.WriteByte((byte)number);
    }

    private static byte[] Parts(Node node)
    {
        using var output = new MemoryStream();
        WriteParts(node, output);
        return output.ToArray();
    }

    private static Node Leaf(ulong tag, byte[] bytes) => new() { Tag = tag, Bytes = bytes };

    private static byte[] Number(ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return bytes;
    }

    private static ulong Number(byte[] bytes)
    {
        Span<byte> number = stackalloc byte[8];
        number.Clear();
        bytes.AsSpan(0, Math.Min(8, bytes.Length)).CopyTo(number);
        return BinaryPrimitives.ReadUInt64LittleEndian(number);
    }
}
