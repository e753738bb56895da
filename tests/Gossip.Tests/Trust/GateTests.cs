using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;
using static Gossip.Tests.Trust.Say;

namespace Gossip.Tests.Trust;

/// <summary>Whom does a gate let in, and whom does it close out?</summary>
[Row("D7")]
public sealed class GateTests
{
    private static readonly Score Least = Score.Of(0.4);
    private static readonly Score JustBelow = Score.OfTrillionths(Least.Trillionths - 1);
    private static readonly GateRules Rules = new(Least);

    [Fact]
    public void Exactly_at_the_threshold_is_in_and_just_below_is_out()
    {
        var decision = Gate.Decide(Rules, [], [new(Who(1), Least), new(Who(2), JustBelow)]);
        Assert.Equal([Who(1)], decision.Admit.ToArray());
        Assert.Empty(decision.Close.ToArray());

        decision = Gate.Decide(
            Rules, [Member(1), Member(2)], [new(Who(1), Least), new(Who(2), JustBelow)]);
        Assert.Empty(decision.Admit.ToArray());
        Assert.Equal([Member(2)], decision.Close.ToArray());
    }

    /// <summary>In doubles the sum falls just short of what it is on paper.</summary>
    [Fact]
    public void A_score_of_the_graph_that_is_the_threshold_reaches_it()
    {
        Assert.True((0.7 * 0.3) + (0.3 * (0.5 * 0.8)) < 0.33);
        Entry[] said = [That(0, 1, 0.3, 1), That(0, 2, 0.5, 2), That(2, 1, 0.8, 1)];
        var at = Gate.Decide(
            new(Score.Of(0.33)), [], Graph(said).Reaching(Who(0), Score.Zero));
        Assert.Contains(Who(1), at.Admit);

        said[2] = That(2, 1, 0.799999, 1);
        var below = Gate.Decide(
            new(Score.Of(0.33)), [], Graph(said).Reaching(Who(0), Score.Zero));
        Assert.DoesNotContain(Who(1), below.Admit);
    }

    [Fact]
    public void Whoever_is_not_ranked_any_more_is_closed_out()
    {
        var decision = Gate.Decide(Rules, [Member(1), Member(2)], [new(Who(2), Score.One)]);
        Assert.Equal([Member(1)], decision.Close.ToArray());
        Assert.True(Gate.Decide(Rules, [Member(2)], [new(Who(2), Score.One)]).IsNothing);
    }

    [Fact]
    public void Who_is_in_by_other_rights_than_trust_stays() =>
        Assert.True(Gate.Decide(Rules, [Member(1) with { IsByTrust = false }], []).IsNothing);

    [Fact]
    public void Hysteresis_is_a_grace_for_members_only_and_none_by_default()
    {
        var graceful = Rules with { Hysteresis = Score.Of(0.1) };
        Ranked[] ranked =
        [
            new(Who(1), Score.Of(0.3)),
            new(Who(2), Score.OfTrillionths(Score.Of(0.3).Trillionths - 1)),
            new(Who(3), Score.Of(0.39)),
        ];
        var decision = Gate.Decide(graceful, [Member(1), Member(2)], ranked);
        Assert.Equal([Member(2)], decision.Close.ToArray());
        Assert.Empty(decision.Admit.ToArray());
        decision = Gate.Decide(Rules, [Member(1), Member(2)], ranked);
        Assert.Equal([Member(1), Member(2)], decision.Close.ToArray());
    }

    [Fact]
    public void Whom_nobody_trusts_goes_whatever_the_grace()
    {
        var graceful = Rules with { Hysteresis = Score.One };
        Assert.Equal([Member(1)], Gate.Decide(graceful, [Member(1)], []).Close.ToArray());
        Assert.Empty(Gate.Decide(new(Score.Zero), [], [new(Who(1), Score.Zero)]).Admit.ToArray());
    }

    [Fact]
    public void The_most_trusted_come_first_and_further_ones_wait_for_room()
    {
        var small = Rules with { MembersMax = 2 };
        Ranked[] ranked =
        [
            new(Who(3), Score.Of(0.5)), new(Who(1), Score.Of(0.9)), new(Who(2), Score.Of(0.5)),
        ];
        Assert.Equal([Who(1), Who(2)], Gate.Decide(small, [], ranked).Admit.ToArray());
        Assert.Equal([Who(1)], Gate.Decide(small, [Member(2)], ranked).Admit.ToArray());
        Assert.Empty(Gate.Decide(small, [Member(2), Member(3), Member(9)], ranked).Admit.ToArray());
    }

    private static GateMember Member(int who) => new(Who(who));
}
