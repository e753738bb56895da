using FsCheck;
using FsCheck.Fluent;
using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;
using static Gossip.Tests.Trust.Say;

namespace Gossip.Tests.Trust;

/// <summary>Does trust follow a key to the one that takes its place?</summary>
[Row("D10")]
[Row("D14")]
public sealed class TrustRotationTests
{
    private static readonly Entry[] Before =
        [That(0, 1, 0.8, 1), That(1, 2, 0.5, 1), That(3, 1, 0.6, 1), That(0, 3, 1, 2)];

    [Fact]
    public void What_was_said_of_a_key_and_by_it_counts_for_the_next()
    {
        var before = Graph(Before);
        var after = Graph([.. Before, Rotation(1, 11, 2)]);

        Assert.Equal(
            before.ScoreOf(Who(0), Who(1)).Score, after.ScoreOf(Who(0), Who(11)).Score);
        Assert.Equal(before.ScoreOf(Who(0), Who(2)).Score, after.ScoreOf(Who(0), Who(2)).Score);
        Assert.Equal(
            before.Reaching(Who(0), Score.Zero)
                .Select(r => r with { Subject = r.Subject.Equals(Who(1)) ? Who(11) : r.Subject })
                .ToArray(),
            after.Reaching(Who(0), Score.Zero).ToArray());
    }

    /// <summary>Whoever stole the old key later has none of it.</summary>
    [Fact]
    public void The_old_key_is_trusted_no_more_and_its_word_counts_no_more()
    {
        var graph = Graph([.. Before, Rotation(1, 11, 2)]);
        Assert.Equal(Score.Zero, graph.ScoreOf(Who(0), Who(1)).Score);
        Assert.Empty(graph.EdgesOf(Who(1)));
        Assert.Null(graph.EdgeOf(Who(0), Who(1)));
        Assert.DoesNotContain(
            graph.Reaching(Who(0), Score.Zero), ranked => ranked.Subject.Equals(Who(1)));
    }

    [Fact]
    public void What_the_next_key_says_itself_comes_first()
    {
        var graph = Graph([.. Before, Rotation(1, 11, 2), That(11, 2, 0, 1), That(0, 11, 0.1, 3)]);
        Assert.Null(graph.EdgeOf(Who(11), Who(2)));
        Assert.Equal(Score.Zero, graph.ScoreOf(Who(0), Who(2)).Score);
        Assert.Equal("0.1", $"{graph.EdgeOf(Who(0), Who(11))!.Weight}");
    }

    [Fact]
    public void Both_are_named_or_one_after_the_other_or_in_a_circle()
    {
        var two = Graph([.. Before, Rotation(1, 11, 2), Rotation(1, 12, 3)]);
        Assert.NotNull(two.EdgeOf(Who(0), Who(11)));
        Assert.NotNull(two.EdgeOf(Who(0), Who(12)));
        var three = Graph([.. Before, Rotation(1, 11, 2), Rotation(11, 12, 1)]);
        Assert.Null(three.EdgeOf(Who(0), Who(11)));
        Assert.NotNull(three.EdgeOf(Who(0), Who(12)));
        Assert.NotNull(three.EdgeOf(Who(12), Who(2)));
        var circle = Graph([.. Before, Rotation(1, 11, 2), Rotation(11, 1, 1)]);
        Assert.Null(circle.EdgeOf(Who(0), Who(11)));
        Assert.Null(circle.EdgeOf(Who(0), Who(1)));
    }

    [Fact]
    public void Every_order_gives_the_same_scores()
    {
        Entry[] all =
        [
            .. Before, Rotation(1, 11, 2), That(11, 4, 0.7, 1), Rotation(11, 12, 2),
            That(0, 12, 0.3, 3), Rotation(3, 13, 2), That(13, 12, 0.9, 1),
        ];
        var expected = Graph(all).Reaching(Who(0), Score.Zero);
        Assert.True(expected.Length >= 4, $"{expected.Length}");
        Prop.ForAll(
            Gen.Shuffle(all).ToArbitrary(),
            order => Graph(order).Reaching(Who(0), Score.Zero).SequenceEqual(expected))
            .QuickCheckThrowOnFailure();
    }

    /// <summary>Keys that follow each other cost nothing, and push nobody out.</summary>
    [Fact]
    public void Of_a_flood_of_rotations_those_of_strangers_are_forgotten()
    {
        var graph = Tell(
            new TrustGraph(Who(0), attestationsMax: 40),
            [
                That(0, 1, 0.8, 1),
                That(1, 2, 0.5, 1),
                .. Enumerable.Range(100, 200).Select(i => Rotation(i, i + 1000)),
                Rotation(2, 12),
                Rotation(1, 11, 2),
            ]);
        Assert.True(graph.IsPartial);
        Assert.True(graph.Count <= 40, $"{graph.Count} remembered");
        Assert.Empty(graph.LeftOut);
        Assert.Equal("0.5", $"{graph.EdgeOf(Who(11), Who(12))!.Weight}");
        Assert.True(graph.ScoreOf(Who(0), Who(12)).Score > Score.Zero);
    }
}
