using Gossip.Actors.Protocol;

namespace Gossip.Tests.Reputations;

/// <summary>Who is kept out, for how long, and who lets them in again?</summary>
[Row("D13")]
public sealed class ExclusionTests
{
    private static readonly Did Peer = ReputationRig.Peer;
    private static readonly Link Link = ReputationRig.Link;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly ReputationRig _rig = new();

    [Fact]
    public void An_unsigned_entry_of_its_own_bans_its_author()
    {
        _rig.Meet(new(2), Peer);
        _rig.Meet(new(3), ReputationRig.Who(3));
        _rig.Tell(new Signal.NotSigned(Link, Peer, "its entry 7"));
        Assert.Equal(Standing.Banned, _rig[Peer].Standing);
        Assert.Equal(
            [(Link, GoodbyeCode.Banned), (new Link(2), GoodbyeCode.Banned)], _rig.HungUp);
        Assert.Equal([Peer], _rig.Distrusted);
        var kept = _rig.Effects.OfType<Effect.Remember>().Single().Exclusion;
        Assert.Equal((Peer, ExclusionKind.Ban), (kept.Did, kept.Kind));
        Assert.Equal(_rig.Now.UnixMilliseconds + 3_600_000, kept.Until);
        Assert.Contains("its entry 7", kept.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relay_of_an_unsigned_entry_is_not_blamed_and_neither_is_its_author()
    {
        var author = ReputationRig.Who(2);
        _rig.Meet(new(2), author);
        for (var i = 0; i < 1000; i++)
        {
            _rig.Tell(new Signal.NotSigned(Link, author, "an entry of another"));
        }

        Assert.Equal(((Standing.Good, 0), (Standing.Good, 0)), (_rig[Peer], _rig[author]));
        Assert.Equal(0, _rig.Known);
    }

    [Fact]
    public void Who_hangs_up_at_once_is_blamed_all_the_same()
    {
        _rig.Tell(new Signal.PeerDown(Link, "gone"));
        for (var i = 10; i < 1000; i++)
        {
            _rig.Meet(new(i), ReputationRig.Who(3));
            _rig.Tell(new Signal.PeerDown(new(i), "gone"));
        }

        _rig.Tell(new Signal.NotSigned(Link, Peer, "its entry"));
        Assert.Equal(Standing.Banned, _rig[Peer].Standing);
        Assert.Empty(_rig.HungUp);

        // A link of long ago, or one that never was, blames nobody.
        _rig.Tell(new Signal.NotSigned(new(5555), ReputationRig.Who(4), "?"));
        _rig.Tell(new Signal.Misbehaved(new(5555), null, Misconduct.PromiseBroken, "?"));
        Assert.Equal(1, _rig.Known);
    }

    [Fact]
    public void A_ban_ends_by_itself_and_is_forgotten_on_disk()
    {
        _rig.Blame(Misconduct.SignatureWrong);
        _rig.Pass(Hour - TimeSpan.FromSeconds(1));
        Assert.Equal(Standing.Banned, _rig[Peer].Standing);
        Assert.Empty(_rig.Effects.OfType<Effect.Forget>());
        _rig.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(Standing.Good, _rig[Peer].Standing);
        Assert.Empty(_rig.Distrusted);
        Assert.Equal(
            new Effect.Forget(Peer, ExclusionKind.Ban),
            _rig.Effects.OfType<Effect.Forget>().Single());
        Assert.Single(_rig.Look(Peer)!.Reasons);
    }

    [Fact]
    public void A_ban_that_ends_before_its_score_leaves_a_quarantine()
    {
        var rig = new ReputationRig(new() { BanTime = TimeSpan.FromMinutes(10) });
        rig.Blame(Misconduct.SignatureWrong);
        rig.Pass(TimeSpan.FromMinutes(10.1));
        Assert.Equal(Standing.Quarantined, rig[Peer].Standing);
        rig.Pass(TimeSpan.FromMinutes(24));
        Assert.Equal(Standing.Good, rig[Peer].Standing);
    }

    [Fact]
    public void What_a_banned_peer_does_meanwhile_makes_its_ban_longer()
    {
        _rig.Blame(Misconduct.SignatureWrong);
        _rig.Pass(Hour / 2);
        _rig.Blame(Misconduct.SignatureWrong);
        _rig.Pass(Hour - TimeSpan.FromSeconds(1));
        Assert.Equal(Standing.Banned, _rig[Peer].Standing);
        _rig.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(Standing.Good, _rig[Peer].Standing);
    }

    /// <summary>The wall clock may have been set: no ban grows by that.</summary>
    [Theory]
    [InlineData(30, 30)]
    [InlineData(100_000, 60)]
    public void A_ban_of_an_earlier_process_goes_on_for_what_is_left(int saved, int minutes)
    {
        var until = ReputationRig.UnixAt(TimeSpan.FromSeconds(5) + TimeSpan.FromMinutes(saved));
        var rig = new ReputationRig(
            null, new Exclusion(Peer, ExclusionKind.Ban, "long ago", 7, until));
        Assert.Equal(Standing.Banned, rig[Peer].Standing);
        Assert.Equal([(Link, GoodbyeCode.Banned)], rig.HungUp);
        Assert.Equal([Peer], rig.Distrusted);
        Assert.Contains("long ago", rig.Look(Peer)!.BarReason, StringComparison.Ordinal);
        rig.Pass(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.Equal(Standing.Banned, rig[Peer].Standing);
        rig.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(Standing.Good, rig[Peer].Standing);
    }

    [Fact]
    public void A_ban_that_ended_while_the_node_was_down_is_forgotten()
    {
        var rig = new ReputationRig(null, new Exclusion(Peer, ExclusionKind.Ban, "long ago", 7, 8));
        Assert.Equal(Standing.Good, rig[Peer].Standing);
        Assert.Single(rig.Effects.OfType<Effect.Forget>());
        Assert.Empty(rig.HungUp);
    }

    [Fact]
    public void A_pardon_takes_everything_back()
    {
        _rig.Blame(Misconduct.Flood, 3);
        _rig.Blame(Misconduct.SignatureWrong);
        _rig.Tell(new Signal.Pardoned(Peer));
        Assert.Equal((Standing.Good, 0), _rig[Peer]);
        Assert.Empty(_rig.Distrusted);
        Assert.Single(_rig.Effects.OfType<Effect.Forget>());
        var shown = _rig.Effects.OfType<Effect.Show>().Select(s => s.View).OfType<View.OfPeer>();
        Assert.Equal(PeerReputation.Unknown, shown.Last().Reputation);

        // The timer of the ban comes for nobody, or for a later offence.
        _rig.Blame(Misconduct.Flood, 4);
        _rig.Pass(TimeSpan.FromMinutes(9));
        Assert.Equal(Standing.Quarantined, _rig[Peer].Standing);
        _rig.Pass(Hour);
        Assert.Equal(Standing.Good, _rig[Peer].Standing);
    }

    [Fact]
    public void A_block_is_the_operators_and_a_pardon_does_not_lift_it()
    {
        _rig.Tell(new Signal.Blocked(Peer, "spoils the mood"));
        Assert.Equal(Standing.Blocked, _rig[Peer].Standing);
        Assert.Equal([(Link, GoodbyeCode.Banned)], _rig.HungUp);
        _rig.Tell(new Signal.PeerDown(Link, "banned"));
        _rig.Meet(new(9), Peer);
        Assert.Equal(new Link(9), _rig.HungUp.Last().Link);

        _rig.Blame(Misconduct.Flood, 4);
        _rig.Tell(new Signal.Pardoned(Peer));
        _rig.Pass(TimeSpan.FromDays(1000));
        Assert.Equal(Standing.Blocked, _rig[Peer].Standing);
        Assert.Contains("spoils the mood", _rig.Look(Peer)!.BarReason, StringComparison.Ordinal);

        _rig.Tell(new Signal.Unblocked(Peer));
        Assert.Equal(Standing.Good, _rig[Peer].Standing);
        Assert.Empty(_rig.Distrusted);
    }

    [Fact]
    public void An_unblocked_peer_still_answers_for_what_was_proven()
    {
        _rig.Tell(new Signal.Blocked(Peer, "why not"));
        _rig.Blame(Misconduct.SignatureWrong);
        _rig.Tell(new Signal.Unblocked(Peer));
        Assert.Equal(Standing.Banned, _rig[Peer].Standing);
        Assert.Equal([Peer], _rig.Distrusted);
    }

    [Fact]
    public void Blocks_of_an_earlier_process_stand_from_the_first_moment()
    {
        var rig = new ReputationRig(null, new Exclusion(Peer, ExclusionKind.Block, "no", 7, null));
        Assert.Equal(Standing.Blocked, rig[Peer].Standing);
        Assert.Equal([(Link, GoodbyeCode.Banned)], rig.HungUp);
    }

    [Fact]
    public void A_restarted_sibling_is_told_everybody_again()
    {
        _rig.Blame(Misconduct.Flood, 4);
        _rig.Tell(new Signal.Blocked(ReputationRig.Who(2), "no"));
        var before = _rig.Told<Signal.Distrusted>().Count();
        _rig.Tell(new Signal.Restate());
        Assert.Equal(before + 1, _rig.Told<Signal.Distrusted>().Count());
        Assert.Equal([Peer, ReputationRig.Who(2)], _rig.Distrusted);
    }

    [Fact]
    public void Of_too_many_identities_the_best_behaved_are_forgotten_first()
    {
        var rig = new ReputationRig(new() { IdentitiesMax = 10 });
        rig.Blame(Misconduct.SignatureWrong, 1, ReputationRig.Who(500));
        rig.Tell(new Signal.Blocked(ReputationRig.Who(501), "no"));
        rig.Blame(Misconduct.Flood, 4, ReputationRig.Who(502));
        for (var i = 1000; i < 2000; i++)
        {
            rig.Blame(Misconduct.PromiseBroken, 1, ReputationRig.Who(i));
            rig.Pass(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(11, rig.Known);
        Assert.Equal(Standing.Banned, rig[ReputationRig.Who(500)].Standing);
        Assert.Equal(Standing.Blocked, rig[ReputationRig.Who(501)].Standing);
        Assert.Equal(Standing.Quarantined, rig[ReputationRig.Who(502)].Standing);
        Assert.Null(rig.Look(ReputationRig.Who(1000)));
        Assert.NotNull(rig.Look(ReputationRig.Who(1999)));

        // Of nothing but bans the oldest goes, from the disk too.
        for (var i = 3000; i < 3010; i++)
        {
            rig.Blame(Misconduct.SignatureWrong, 1, ReputationRig.Who(i));
            rig.Pass(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(
            new Effect.Forget(ReputationRig.Who(500), ExclusionKind.Ban),
            rig.Effects.OfType<Effect.Forget>().Single());
    }

    [Fact]
    public void The_last_reasons_are_kept_and_none_is_long()
    {
        var rig = new ReputationRig(new() { ReasonsMax = 3 });
        rig.Blame(Misconduct.PromiseBroken, 9);
        Assert.Equal(
            ["evidence 6", "evidence 7", "evidence 8"],
            rig.Look(Peer)!.Reasons.Select(r => r.Evidence));
        rig.Tell(new Signal.Misbehaved(Link, Peer, Misconduct.Flood, new string('x', 99_999)));
        Assert.Equal(200, rig.Look(Peer)!.Reasons[^1].Evidence.Length);
    }
}
