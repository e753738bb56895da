namespace Gossip.Fuzz.Loops;

/// <summary>How little of an input is enough to fail the same way?</summary>
internal static class Minimiser
{
    // Each try is an execution; a failure that throws takes some 20 µs.
    private const int TriesMax = 5000;

    public static byte[] Shrink(byte[] input, Func<byte[], bool> fails)
    {
        var tries = 0;
        for (var size = input.Length / 2; size > 0;)
        {
            var shorter = input;
            for (var at = 0; at + size <= shorter.Length && tries < TriesMax; tries++)
            {
                byte[] without = [.. shorter[..at], .. shorter[(at + size)..]];
                (shorter, at) = fails(without) ? (without, at) : (shorter, at + size);
            }

            size = shorter.Length < input.Length ? Math.Min(size, shorter.Length) : size / 2;
            input = shorter;
        }

        return input;
    }
}
