using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scenarios;

/// <summary>In which way does an author say one thing here and another there?</summary>
internal enum Guile
{
    /// <summary>Two histories after some shared slots.</summary>
    Branches,

    /// <summary>Nothing is shared: the fork is at slot 1.</summary>
    FromTheStart,

    /// <summary>An entry whose prev names an id that nobody ever sees.</summary>
    UnseenBefore,

    /// <summary>One branch is told only above a gap, the fork being in it or below.</summary>
    AboveGap,

    /// <summary>One branch ends the log, one goes on, and one goes on after the end.</summary>
    OneEnds,

    /// <summary>Three histories.</summary>
    Three,

    /// <summary>Entries of every branch are withheld here and there.</summary>
    Withheld,
}

/// <summary>What does a two-faced author tell whom? One history for each group of nodes.</summary>
internal sealed record Histories(Guile Guile, IReadOnlyList<IReadOnlyList<Entry>> Told)
{
    private const double WithheldPart = 0.25;

    public static Histories Draw(Forger author, Draw draw)
    {
        var guile = draw.Pick(Enum.GetValues<Guile>());
        var shared = author.Chain(
            null, guile == Guile.FromTheStart ? 0 : draw.Random.Next(1, 6), "shared");
        return new(guile, [.. Branches(guile, author, shared, draw)]);
    }

    private static IEnumerable<IReadOnlyList<Entry>> Branches(
        Guile guile, Forger author, List<Entry> shared, Draw draw)
    {
        var last = shared.LastOrDefault();
        var one = Branch("one");
        switch (guile)
        {
            case Guile.UnseenBefore:
                var unseen = EntryId.Of("nobody ever sees it"u8);
                yield return [.. shared, .. one];
                yield return [.. shared, author.Write(last!.Header.Seq + 2, unseen, "other")];
                break;
            case Guile.AboveGap:
                var other = Branch("other", 3);
                yield return [.. shared, .. one, .. author.Chain(one[^1], 6, "more")];
                yield return [.. shared, .. other[draw.Random.Next(1, other.Count)..]];
                break;
            case Guile.OneEnds:
                var end = author.Write(one[^1].Header.Seq + 1, one[^1].Id, "", isEnd: true);
                yield return [.. shared, .. one, end];
                yield return [.. shared, .. Branch("other")];
                yield return [.. shared, .. one, end, .. author.Chain(end, 2, "after the end")];
                break;
            case Guile.Three:
                yield return [.. shared, .. one];
                yield return [.. shared, .. Branch("other")];
                yield return [.. shared, one[0], .. author.Chain(one[0], 3, "third")];
                break;
            case Guile.Withheld:
                yield return [.. Some([.. shared, .. one])];
                yield return [.. Some([.. shared, .. Branch("other", 3)])];
                break;
            default:
                yield return [.. shared, .. one];
                yield return [.. shared, .. Branch("other")];
                break;
        }

        List<Entry> Branch(string text, int least = 1) =>
            author.Chain(last, draw.Random.Next(least, least + 6), text);

        IEnumerable<Entry> Some(List<Entry> all) =>
            all.Where(_ => !draw.Chance(WithheldPart)).ToArray();
    }
}
