using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;
using static Gossip.Tests.Trust.Say;

namespace Gossip.Tests.Trust;

/// <summary>Can strangers, or liars among friends, move a score or fill the memory?</summary>
[Row("D10")]
public sealed class TrustBoundsTests
{
    private const int Max = 65_536;

    private static readonly Entry[] Friends =
    [
        That(0, 1, 0.9, 1), That(0, 2, 0.8, 2), That(1, 3, 0.7, 1), That(2, 3, 0.6, 1),
        That(1, 4, 0.5, 2),
    ];

    /// <summary>As many as fit; each speaks of the same one.</summary>
    private static readonly Entry[] Strangers =
        [.. Enumerable.Range(0, Max).Select(i => That(1000 + i, 5, 1, 1))];

    [Fact]
    public void A_hundred_thousand_junk_attestations_by_strangers_change_nothing()
    {
        var (calm, graph) = (Graph(Friends), new TrustGraph(Who(0), Max));
        Tell(graph, Friends.Take(3));
        var most = 0;
        for (var i = 0; i < 100_000; i++)
        {
            // Ten thousand strangers, who praise each other, our friends and themselves.
            var (stranger, seq) = (1000 + (i % 10_000), (i / 10_000) + 1);
            graph.Take(
                That(stranger, seq % 3 == 0 ? 3 : stranger + seq, 1, seq, time: i), out _);
            most = Math.Max(most, graph.Count);
        }

        Tell(graph, Friends.Skip(3));
        Assert.InRange(most, 1, Max + 1);
        Assert.True(graph.IsPartial);
        Assert.False(graph.IsStale);
        foreach (var subject in Enumerable.Range(1, 4))
        {
            Assert.Equal(
                calm.ScoreOf(Who(0), Who(subject)).Arithmetic,
                graph.ScoreOf(Who(0), Who(subject)).Arithmetic);
        }

        Assert.Equal(
            calm.Reaching(Who(0), Score.Zero).ToArray(),
            graph.Reaching(Who(0), Score.Zero).ToArray());
    }

    [Fact]
    public void What_cannot_be_read_costs_a_stranger_its_place_all_the_same()
    {
        var graph = new TrustGraph(Who(0), Max);
        var junk = Raw(Log(1), 1, new byte[] { 7 });
        var most = 0;
        for (var i = 1; i <= Max + 10; i++)
        {
            var header = junk.Header with { Log = Log(i) };
            graph.Take(
                junk with { SignedHeader = junk.SignedHeader with { Header = header } }, out _);
            most = Math.Max(most, graph.Count);
        }

        Assert.InRange(most, 1, Max + 1);
        Assert.True(graph.IsPartial);
    }

    [Fact]
    public void A_stranger_who_becomes_a_friend_is_heard_once_everything_is_read_again()
    {
        Entry[] all = [.. Friends, .. Strangers, That(0, 1000, 1, 3)];
        var graph = Tell(new TrustGraph(Who(0), Max), all);
        Assert.True(graph.IsStale);

        var anew = Tell(graph.Anew(), all);
        Assert.False(anew.IsStale);
        Assert.Equal(Graph(Friends.Append(That(0, 1000, 1, 3)).Append(Strangers[0]))
            .ScoreOf(Who(0), Who(5)).Arithmetic, anew.ScoreOf(Who(0), Who(5)).Arithmetic);
        Assert.Equal(0.3, anew.ScoreOf(Who(0), Who(5)).Score.Value, 1e-12);
    }

    /// <summary>Two passes: the first learns whom it trusts, the second listens to them.</summary>
    [Fact]
    public void A_viewpoint_that_was_forgotten_is_whole_after_two_more_readings()
    {
        Entry[] all =
        [
            .. Strangers, That(1001, 1002, 1, 2),
        ];
        var graph = Tell(new TrustGraph(Who(0), Max), all);
        graph.Look(Who(1001));
        Assert.True(graph.IsStale);
        var readings = 0;
        for (; graph.IsStale; readings++)
        {
            graph = Tell(graph.Anew(), all);
            graph.Look(Who(1001));
        }

        Assert.InRange(readings, 1, 2);
        Assert.Equal(
            "0.7 × 1 + 0.3 × (1 × 1) / 1 = 1", graph.ScoreOf(Who(1001), Who(5)).Arithmetic);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_says_more_than_a_person_can_counts_for_nothing_in_any_order(bool isLastFirst)
    {
        Entry[] entries =
        [
            .. from log in Enumerable.Range(1, 8)
               from i in Enumerable.Range(1, Statements.Max / 8)
               select That(1, (log * 5000) + i, 1, i, (ulong)log),
        ];
        Array.Sort(entries, (a, b) => isLastFirst ? b.Id.CompareTo(a.Id) : a.Id.CompareTo(b.Id));
        var graph = Graph(entries);
        graph.Take(That(1, 3, 1, 1, 99), out var refusal);

        Assert.Contains("says more than", refusal, StringComparison.Ordinal);
        Assert.Empty(graph.EdgesOf(Who(1)));
        Assert.Equal(1, graph.Count);
    }

    [Fact]
    public void An_author_with_too_many_lives_says_nothing_of_this_subject_and_goes_on_of_others()
    {
        var lives = Enumerable.Range(1, Statements.LogsMax + 1)
            .Select(life => That(1, 3, 1, 1, (ulong)life)).ToArray();
        Assert.NotNull(Graph(lives[1..]).EdgeOf(Who(1), Who(3)));
        var graph = Graph(lives.Append(That(1, 4, 1, 2)));
        Assert.Null(graph.EdgeOf(Who(1), Who(3)));
        Assert.NotNull(graph.EdgeOf(Who(1), Who(4)));
    }

    /// <summary>A limit of memory: it is said, and the quieter friends still count.</summary>
    [Fact]
    public void When_friends_alone_say_too_much_the_loudest_is_left_out()
    {
        var graph = Tell(new TrustGraph(Who(0), Max), Friends);
        for (var friend = 5; friend <= 8; friend++)
        {
            Tell(graph, That(0, friend, 1, friend));
            foreach (var seq in Enumerable.Range(1, 45))
            {
                // What an author's logs saw of each other takes room as what it says does.
                var logs = Enumerable.Range(1, Limits.ClockComponentsMax)
                    .Select(i => ((ulong)((seq * 1000) + i), 1L)).ToArray();
                Tell(graph, That(friend, 10_000 + seq, 1, seq, 1, 1, logs));
                Assert.InRange(graph.Count, 1, Max);
            }
        }

        Assert.NotEmpty(graph.LeftOut);
        Assert.Equal(
            Graph(Friends).ScoreOf(Who(0), Who(3)).Arithmetic,
            graph.ScoreOf(Who(0), Who(3)).Arithmetic);
    }
}
