using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;
using static Gossip.Tests.Trust.Say;

namespace Gossip.Tests.Trust;

/// <summary>Is a score 0.7 × direct + 0.3 × the mean over intermediaries, and says why?</summary>
[Row("D10")]
public sealed class TrustScoreTests
{
    private const int People = 7;

    /// <summary>Few people and many words, withdrawals and second thoughts among them.</summary>
    private static readonly Gen<Word[]> Graphs =
        from words in (
            from author in Gen.Choose(0, People - 1)
            from subject in Gen.Choose(0, People - 1)
            from weight in Gen.OneOf(
                Gen.Constant(0), Gen.Constant(1), Gen.Constant(Weight.One),
                Gen.Choose(0, Weight.One))
            select new Word(author, subject, weight)).ArrayOf()
        select words;

    [Fact]
    public void A_score_is_the_formula_to_1e9_on_random_graphs() => Check(
        Graphs.Resize(60),
        words =>
        {
            var graph = Build(words);
            var said = LastWords(words);
            return Pairs.All(pair => Math.Abs(
                graph.ScoreOf(Who(pair.From), Who(pair.To)).Score.Value
                    - Straightforward(said, pair.From, pair.To)) < 1e-9);
        });

    [Fact]
    public void The_list_of_the_trusted_has_each_ones_score() => Check(
        Graphs.Resize(60),
        words =>
        {
            var graph = Build(words);
            return Enumerable.Range(0, People).All(from =>
            {
                var ranked = graph.Reaching(Who(from), Score.Zero);
                var expected = Enumerable.Range(0, People).Where(to => to != from)
                    .Select(to => graph.ScoreOf(Who(from), Who(to)))
                    .Where(score => score.Score > Score.Zero)
                    .OrderByDescending(score => score.Score).ThenBy(score => score.Subject)
                    .Select(score => new Ranked(score.Subject, score.Score));
                return ranked.SequenceEqual(expected);
            });
        });

    /// <summary>Doubles fall just short of some sums; a gate must not.</summary>
    [Fact]
    [Row("D7")]
    public void A_threshold_is_reached_exactly_when_it_is_in_arithmetic() => Check(
        from words in Graphs.Resize(40)
        from least in Gen.Choose(0, Weight.One)
        select (words, least),
        t =>
        {
            var graph = Build(t.words);
            var said = LastWords(t.words);
            var threshold = Score.OfTrillionths(t.least * 1_000_000L);
            return Pairs.All(pair =>
            {
                var (numerator, denominator) = Exact(said, pair.From, pair.To);
                return graph.ScoreOf(Who(pair.From), Who(pair.To)).Score >= threshold
                    == (numerator * Weight.One >= denominator * t.least);
            });
        });

    [Fact]
    public void Without_intermediaries_the_second_part_is_nothing() =>
        AssertScore(0.56, Graph(That(0, 1, 0.8, 1)).ScoreOf(Who(0), Who(1)));

    [Fact]
    public void Without_a_direct_word_the_first_part_is_nothing() =>
        AssertScore(0.1665, Graph(
            That(0, 2, 0.9, 1), That(0, 3, 0.8, 2), That(2, 1, 0.7, 1), That(3, 1, 0.6, 1))
            .ScoreOf(Who(0), Who(1)));

    [Fact]
    public void Only_who_is_trusted_and_speaks_of_the_subject_is_in_the_mean() =>
        AssertScore(0.564, Graph(
            That(0, 1, 0.6, 1), That(0, 2, 0.8, 2), That(2, 1, 0.6, 1),
            That(0, 3, 1, 3), // trusted, and silent about 1
            That(4, 1, 1, 1), // speaks of 1, and is not trusted
            That(3, 4, 1, 1)) // three steps away
            .ScoreOf(Who(0), Who(1)));

    [Fact]
    public void A_word_about_oneself_counts_for_nothing()
    {
        var graph = Graph(That(0, 2, 1, 1), That(2, 1, 0.5, 1));
        var before = graph.ScoreOf(Who(0), Who(1)).Score;
        Assert.Null(graph.Take(That(1, 1, 1, 1), out var refusal));
        Assert.EndsWith("about its own author", refusal, StringComparison.Ordinal);
        Assert.Equal(before, graph.ScoreOf(Who(0), Who(1)).Score);
        Assert.Equal(Score.One, graph.ScoreOf(Who(1), Who(1)).Score);
        Assert.Empty(graph.EdgesOf(Who(1)));
    }

    [Fact]
    public void A_score_explains_itself_with_its_edges_and_its_arithmetic()
    {
        var first = That(0, 2, 0.9, 1, time: 7);
        var score = Graph(
            first, That(0, 3, 0.8, 2), That(2, 1, 0.7, 1), That(3, 1, 0.6, 1), That(0, 1, 0.5, 3))
            .ScoreOf(Who(0), Who(1));
        Assert.Equal("0.7 × 0.5 + 0.3 × (0.9 × 0.7 + 0.8 × 0.6) / 2 = 0.5165", score.Arithmetic);
        Assert.Equal(0.5, score.Direct!.Weight.Value);
        Assert.Equal([Who(2), Who(3)], score.Paths.Select(path => path.Through));
        Assert.Equal(
            new TrustEdge(Who(0), Who(2), Weight.OfMillionths(900_000), "", 7, first.Id),
            score.Paths[0].First);

        Assert.Equal(
            "0.7 × 0 + 0.3 × 0 = 0", Graph().ScoreOf(Who(0), Who(1)).Arithmetic);
        Assert.EndsWith(
            " + … 2 more) / 10 = 0.3",
            Graph(Enumerable.Range(2, 10).SelectMany(i => new[]
            {
                That(0, i, 1, i), That(i, 1, 1, 1),
            })).ScoreOf(Who(0), Who(1)).Arithmetic,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, TrustClass.Isolated)]
    [InlineData(0.099999999999, TrustClass.Isolated)]
    [InlineData(0.1, TrustClass.Known)]
    [InlineData(0.4, TrustClass.Partner)]
    [InlineData(0.699999999999, TrustClass.Partner)]
    [InlineData(0.7, TrustClass.Federated)]
    [InlineData(1, TrustClass.Federated)]
    public void A_class_begins_exactly_at_its_threshold(double score, TrustClass expected) =>
        Assert.Equal(expected, new GossipTrust().ClassOf(Score.Of(score)));

    private static IEnumerable<(int From, int To)> Pairs =>
        from a in Enumerable.Range(0, People)
        from b in Enumerable.Range(0, People)
        where a != b
        select (a, b);

    private static TrustGraph Build(Word[] words) => Graph(words.Select((word, i) =>
        That(word.Author, word.Subject, word.Weight / (double)Weight.One, i + 1)));

    /// <summary>Who trusts whom in the end, as one would do it on paper.</summary>
    private static Dictionary<(int, int), int> LastWords(Word[] words)
    {
        var said = new Dictionary<(int, int), int>();
        foreach (var (author, subject, weight) in words.Where(w => w.Author != w.Subject))
        {
            said[(author, subject)] = weight;
            if (weight == 0)
            {
                said.Remove((author, subject));
            }
        }

        return said;
    }

    private static double Straightforward(Dictionary<(int, int), int> said, int from, int to)
    {
        double sum = 0, count = 0;
        for (var i = 0; i < People; i++)
        {
            if (said.TryGetValue((from, i), out var first)
                && said.TryGetValue((i, to), out var second))
            {
                sum += first / 1e6 * (second / 1e6);
                count++;
            }
        }

        return (0.7 * said.GetValueOrDefault((from, to)) / 1e6)
            + (0.3 * (count > 0 ? sum / count : 0));
    }

    private static (BigInteger Numerator, BigInteger Denominator) Exact(
        Dictionary<(int, int), int> said, int from, int to)
    {
        BigInteger[] products =
        [
            .. Enumerable.Range(0, People)
                .Where(i => said.ContainsKey((from, i)) && said.ContainsKey((i, to)))
                .Select(i => new BigInteger(said[(from, i)]) * said[(i, to)]),
        ];
        var count = Math.Max(1, products.Length);
        BigInteger direct = said.GetValueOrDefault((from, to));
        return (
            (7 * direct * Weight.One * count) + (3 * products.Aggregate(BigInteger.Zero, (a, b) =>
                a + b)),
            10 * BigInteger.Pow(Weight.One, 2) * count);
    }

    private static void AssertScore(double expected, TrustScore score) =>
        Assert.Equal(expected, score.Score.Value, 1e-12);

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(new Replay(new Rnd(7), null)),
        Prop.ForAll(gen.ToArbitrary(), holds));

    private sealed record Word(int Author, int Subject, int Weight);
}
