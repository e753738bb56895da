using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Reputations;

/// <summary>What leads to quarantine, what to a ban, and how is it forgotten?</summary>
[Row("D13")]
public sealed class ScoreTests
{
    private static readonly Did Peer = ReputationRig.Peer;
    private readonly ReputationRig _rig = new();

    [Theory]
    [InlineData(Misconduct.SignatureWrong, 100, Standing.Banned)]
    [InlineData(Misconduct.ProtocolAbuse, 40, Standing.Quarantined)]
    [InlineData(Misconduct.PromiseBroken, 1, Standing.Good)]
    [InlineData(Misconduct.Flood, 5, Standing.Good)]
    public void Each_kind_has_a_weight(Misconduct kind, double score, Standing standing)
    {
        _rig.Blame(kind);
        Assert.Equal((standing, score), _rig[Peer]);
        var reason = Assert.Single(_rig.Look(Peer)!.Reasons);
        Assert.Equal((kind, "evidence 0", _rig.Now.UnixMilliseconds),
            (reason.Kind, reason.Evidence, reason.Time));
    }

    [Fact]
    public void Weights_and_thresholds_are_options()
    {
        var rig = new ReputationRig(new()
        {
            SignatureWrong = 1,
            ProtocolAbuse = 2,
            PromiseBroken = 3,
            Flood = 4,
            QuarantineScore = 10,
            BanScore = 11,
        });
        Enum.GetValues<Misconduct>().ToList().ForEach(kind => rig.Blame(kind));
        Assert.Equal((Standing.Quarantined, 10), rig[Peer]);
        rig.Blame(Misconduct.ProtocolAbuse, 3);
        Assert.Equal(Standing.Quarantined, rig[Peer].Standing);
        rig.Blame(Misconduct.ProtocolAbuse);
        Assert.Equal(Standing.Banned, rig[Peer].Standing);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(10, 8)]
    [InlineData(20, 4)]
    [InlineData(5, 11.313708498984761)]
    [InlineData(600, 0)]
    public void Half_of_a_score_is_gone_after_each_half_life(int minutes, double left)
    {
        _rig.Blame(Misconduct.PromiseBroken, 16);
        _rig.Pass(TimeSpan.FromMinutes(minutes));
        Assert.Equal(left, _rig[Peer].Score, 1e-9);
        var shown = _rig.Look(Peer)!.At(
            _rig.Now.UnixMilliseconds + 600_000, TimeSpan.FromMinutes(10));
        Assert.Equal(left / 2, shown.Score, 1e-9);
    }

    [Fact]
    public void The_third_abuse_within_minutes_bans_and_three_in_three_hours_do_not()
    {
        for (var i = 0; i < 3; i++)
        {
            _rig.Blame(Misconduct.ProtocolAbuse);
            Assert.Equal(i < 2 ? Standing.Quarantined : Standing.Banned, _rig[Peer].Standing);
            _rig.Pass(TimeSpan.FromMinutes(1));
        }

        var patient = new ReputationRig();
        for (var i = 0; i < 3; i++)
        {
            patient.Blame(Misconduct.ProtocolAbuse);
            Assert.Equal(Standing.Quarantined, patient[Peer].Standing);
            patient.Pass(TimeSpan.FromHours(1));
            Assert.Equal(Standing.Good, patient[Peer].Standing);
        }
    }

    [Theory]
    [InlineData(Misconduct.PromiseBroken)]
    [InlineData(Misconduct.Flood)]
    public void Suspicion_alone_never_bans_and_is_over_within_two_half_lives(Misconduct kind)
    {
        _rig.Blame(kind, 10_000);
        Assert.Equal((Standing.Quarantined, 40), _rig[Peer]);
        Assert.Empty(_rig.HungUp);
        Assert.Empty(_rig.Effects.OfType<Effect.Remember>());
        _rig.Pass(TimeSpan.FromMinutes(19.9));
        Assert.Equal(Standing.Quarantined, _rig[Peer].Standing);
        _rig.Pass(TimeSpan.FromMinutes(0.2));
        Assert.Equal(Standing.Good, _rig[Peer].Standing);
    }

    /// <summary>Whatever suspicion stood before: proof is counted apart.</summary>
    [Fact]
    public void Suspicion_makes_no_proof_weigh_more()
    {
        _rig.Blame(Misconduct.Flood, 100);
        _rig.Blame(Misconduct.ProtocolAbuse, 2);
        Assert.Equal((Standing.Quarantined, 120), _rig[Peer]);
        _rig.Blame(Misconduct.ProtocolAbuse);
        Assert.Equal((Standing.Banned, 140), _rig[Peer]);
    }

    [Fact]
    public void A_kept_promise_makes_up_for_a_broken_one_and_for_nothing_more()
    {
        for (var i = 0; i < 1000; i++)
        {
            _rig.Blame(Misconduct.PromiseBroken);
            _rig.Tell(new Signal.PromiseKept(ReputationRig.Link));
        }

        Assert.Equal((Standing.Good, 0), _rig[Peer]);
        _rig.Blame(Misconduct.ProtocolAbuse);
        for (var i = 0; i < 1000; i++)
        {
            _rig.Tell(new Signal.PromiseKept(ReputationRig.Link));
        }

        // Good deeds are no credit, and no excuse for what was proven.
        Assert.Equal((Standing.Quarantined, 40), _rig[Peer]);
        _rig.Blame(Misconduct.PromiseBroken);
        Assert.Equal(41, _rig[Peer].Score);
    }

    [Fact]
    public void Quarantine_is_told_and_left_at_half_of_what_led_there()
    {
        _rig.Blame(Misconduct.Flood, 4);
        Assert.Equal([Peer], _rig.Distrusted);
        _rig.Pass(TimeSpan.FromMinutes(9.9));
        Assert.Equal([Peer], _rig.Distrusted);
        _rig.Pass(TimeSpan.FromMinutes(0.2));
        Assert.Empty(_rig.Distrusted);
        Assert.Equal(
            [Standing.Quarantined, Standing.Good],
            _rig.Effects.OfType<Effect.Happened>()
                .Select(h => ((NodeEvent.PeerJudged)h.Event).Standing));
        Assert.Equal(1, _rig.Effects.OfType<Effect.Count>()
            .Single(c => c.Tally == Tally.PeersQuarantined).Amount);
        Assert.Equal(0, _rig.TimersRunning);
    }

    [Fact]
    public void However_often_somebody_is_blamed_one_timer_runs_for_it()
    {
        _rig.Blame(Misconduct.Flood, 1000);
        _rig.Blame(Misconduct.SignatureWrong, 1000);
        Assert.Equal(1, _rig.TimersRunning);
        _rig.Pass(TimeSpan.FromHours(2));
        Assert.Equal((Standing.Good, 0), (_rig[Peer].Standing, _rig.TimersRunning));
    }

    [Theory]
    [InlineData(-365)]
    [InlineData(365)]
    public void A_wall_clock_that_jumps_changes_no_score(int days)
    {
        _rig.Blame(Misconduct.Flood, 4);
        _rig.Skew = TimeSpan.FromDays(days);
        Assert.Equal((Standing.Quarantined, 20), _rig[Peer]);
        _rig.Pass(TimeSpan.FromMinutes(10.1));
        Assert.Equal(Standing.Good, _rig[Peer].Standing);
    }

    [Fact]
    public void Everything_that_is_out_of_range_is_said()
    {
        var refusals = new GossipOptions
        {
            Reputation = new()
            {
                HalfLife = TimeSpan.Zero,
                BanTime = TimeSpan.FromDays(400),
                QuarantineScore = 0,
                BanScore = 0,
                SignatureWrong = -1,
                ProtocolAbuse = -1,
                PromiseBroken = -1,
                Flood = -1,
                IdentitiesMax = 0,
                ReasonsMax = 0,
            },
        }.Refusals();
        Assert.Equal(10, refusals.Count);
        Assert.Contains("half-life: 1 s to 365 d, not 00:00:00", refusals);
    }
}
