namespace Gossip.Fuzz.Inputs;

/// <summary>Changes bytes without knowing what they mean. Source: AFL's havoc stage.</summary>
internal static class Havoc
{
    private const int StepsMax = 6;

    // Where counts and lengths turn over.
    private static readonly byte[] Odd = [0, 1, 2, 3, 0x0a, 0x7f, 0x80, 0x81, 0xfe, 0xff];

    public static byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        var bytes = input;
        for (var steps = random.Next(2) * random.Next(StepsMax) + 1; steps > 0; steps--)
        {
            bytes = Step(bytes, other, random);
        }

        return bytes;
    }

    private static byte[] Step(byte[] bytes, byte[] other, Random random)
    {
        var (at, length) = Slice(bytes, random);
        var (from, count) = Slice(other, random);
        return random.Next(9) switch
        {
            0 => Replaced(bytes, at, b => (byte)(b ^ (1 << random.Next(8)))),
            1 => Replaced(bytes, at, _ => (byte)random.Next(256)),
            2 => Replaced(bytes, at, _ => Odd[random.Next(Odd.Length)]),
            3 => Replaced(bytes, at, b => (byte)(b + random.Next(-8, 9))),
            4 => [.. bytes[..at], .. bytes[(at + length)..]],
            5 => bytes[..at],
            6 => [.. bytes[..at], .. other.AsSpan(from, count), .. bytes[at..]],
            7 => [.. bytes[..at], .. other[from..]],
            _ => [.. bytes[..at], .. Repeated(bytes.AsSpan(at, length), random), .. bytes[at..]],
        };
    }

    private static byte[] Replaced(byte[] bytes, int at, Func<byte, byte> change)
    {
        byte[] changed = [.. bytes];
        if (at < changed.Length)
        {
            changed[at] = change(changed[at]);
        }

        return changed;
    }

    /// <summary>Now and then very often: counts must be limited.</summary>
    private static byte[] Repeated(ReadOnlySpan<byte> bytes, Random random)
    {
        var times = random.Next(60) == 0 ? random.Next(1000) : random.Next(1, 4);
        var repeated = new byte[bytes.Length * times];
        for (var i = 0; i < times; i++)
        {
            bytes.CopyTo(repeated.AsSpan(i * bytes.Length));
        }

        return repeated;
    }

    /// <summary>Mostly short.</summary>
    private static (int At, int Length) Slice(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var length = random.Next(random.Next(4) == 0 ? 256 : 8);
        return (at, Math.Min(length, bytes.Length - at));
    }
}
