using Gossip.Fuzz.Coverage;
using Gossip.Fuzz.Inputs;

namespace Gossip.Fuzz.Tests;

/// <summary>A decoder with a defect behind a word that chance does not find.</summary>
internal sealed class PlantedTarget(Func<object?> defect, bool isCounted) : Target
{
    private static readonly byte[] Word = "ok"u8.ToArray();

    public override string Name => "planted";

    public override IEnumerable<byte[]> Samples(Random random) => [new byte[2]];

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        Havoc.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input) => () =>
    {
        for (var i = 0; i < Word.Length; i++)
        {
            if (i >= input.Length || input[i] != Word[i])
            {
                return null;
            }

            // As the rewriting does it.
            if (isCounted)
            {
                Counters.Hit(1000 * (i + 1));
            }
        }

        return defect();
    };

    public override string Judge(byte[] input, object? result) => "fine";
}
