using System.Buffers.Binary;

namespace Gossip.Benchmarks.Worker;

/// <summary>
/// One published payload: which phase and which one, and when it was made. The rest is noise, so
/// that nothing can compress it.
/// </summary>
internal readonly record struct Sample(int Phase, int Publisher, int Number, long MadeAt)
{
    public const int BytesMin = 4 + 4 + 4 + 8;

    private static readonly byte[] Noise = MakeNoise();

    public byte[] ToBytes(int size)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(size);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Phase);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Publisher);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), MadeAt);
        var from = (int)(Number * 2654435761L % (Noise.Length - size));
        Noise.AsSpan(from, size - BytesMin).CopyTo(bytes.AsSpan(BytesMin));
        return bytes;
    }

    public static Sample Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32LittleEndian(bytes),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]));

    private static byte[] MakeNoise()
    {
        var noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        return noise;
    }
}
