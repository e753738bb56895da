namespace Gossip.Fuzz.Inputs;

/// <summary>
/// Changes the structure of an input and keeps its spelling whole, so that a decoder gets past the
/// first length and into what it decides. Some inputs are then changed byte by byte as well.
/// </summary>
internal sealed class TreeMutator(IGrammar grammar)
{
    private const int StepsMax = 4;
    private const int RepeatsMax = 6000;
    private const int RepeatOftenEvery = 60;
    private const int PartsMax = 20_000;

    public byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        if (random.Next(5) == 0 || grammar.Read(input) is not { } root)
        {
            return Havoc.Mutate(input, other, random);
        }

        for (var steps = random.Next(1, StepsMax + 1); steps > 0; steps--)
        {
            Step(root, other, random);
        }

        var bytes = grammar.Write(root);
        return random.Next(10) == 0 ? Havoc.Mutate(bytes, other, random) : bytes;
    }

    private void Step(Node root, byte[] other, Random random)
    {
        var all = root.All();
        var node = all[random.Next(all.Count)];
        var parents = all.FindAll(n => n.Bytes is null);
        var parent = parents[random.Next(parents.Count)];
        var at = random.Next(parent.Parts.Count + 1);
        var isAny = at < parent.Parts.Count;
        switch (random.Next(9))
        {
            case 0 when isAny:
                parent.Parts.RemoveAt(at);
                break;
            case 1:
                parent.Parts.Insert(at, grammar.New(parent, random));
                break;
            case 2 when isAny:
                Repeat(parent, at, all.Count, random);
                break;
            case 3 when isAny:
                var to = random.Next(parent.Parts.Count);
                (parent.Parts[at], parent.Parts[to]) = (parent.Parts[to], parent.Parts[at]);
                break;
            case 4:
                node.Tag = grammar.Tag(node, random);
                break;
            case 5 when random.Next(4) == 0:
                node.Claim = (ulong)random.NextInt64() >> random.Next(64);
                break;
            case 6 when grammar.Read(other)?.All() is { } parts:
                parent.Parts.Insert(at, parts[random.Next(parts.Count)]);
                break;
            default:
                ChangeValue(node, random);
                break;
        }
    }

    private void ChangeValue(Node node, Random random)
    {
        if (node.Bytes is { } bytes)
        {
            node.Bytes = random.Next(2) == 0
                ? grammar.Value(node, random)
                : Havoc.Mutate(bytes, bytes, random);
        }
    }

    /// <summary>Mostly a few times; now and then more often than any limit allows.</summary>
    private static void Repeat(Node parent, int at, int size, Random random)
    {
        var part = parent.Parts[at];
        var room = Math.Max(0, (PartsMax - size) / part.All().Count);
        var times = random.Next(RepeatOftenEvery) == 0
            ? random.Next(RepeatsMax)
            : random.Next(1, 5);
        parent.Parts.InsertRange(
            at, Enumerable.Range(0, Math.Min(room, times)).Select(_ => part.Copy()));
    }
}
