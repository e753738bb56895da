using Gossip.Actors.Protocol;
using Gossip.Simulation;

namespace Gossip.Tests.Protocol;

/// <summary>Who may write and read, as the policy that is held says?</summary>
public sealed class PolicyTests
{
    private readonly PolicyWriter _owner;
    private readonly Entry _founding;
    private readonly PolicyWriter _ann;
    private readonly PolicyWriter _bob;

    public PolicyTests()
    {
        (_owner, _founding) = PolicyWriter.Found(new(1));
        (_ann, _bob) = (_owner.Other(new(2)), _owner.Other(new(3)));
    }

    [Fact]
    [Row("D6")]
    [Row("D8")]
    public void Only_what_an_invited_author_wrote_is_held()
    {
        var invite = Invite(_ann.Did, _founding);
        var rig = Rig(_founding, invite);
        rig.Announce(_ann.Publish("in", null, At(invite)), _bob.Publish("out", null, At(invite)));
        rig.Announce(_bob.Publish("out", null, Admission.None));

        Assert.Equal([_ann.Did], rig.Delivered.Select(d => d.Log.Author));
        Assert.Equal(2, rig.Refused[RefusalCode.AdmissionUnknown]);
        Assert.True(rig.Readers.Allow(_ann.Did));
        Assert.False(rig.Readers.Allow(_bob.Did));
    }

    [Fact]
    public void A_reader_may_not_write()
    {
        var invite = Invite(_ann.Did, _founding, writes: false);
        var rig = Rig(_founding, invite);
        rig.Announce(_ann.Publish("x", null, At(invite)));

        Assert.Empty(rig.Delivered);
        Assert.True(rig.Readers.Allow(_ann.Did));
    }

    [Fact]
    [Row("D12")]
    public void A_log_holds_no_more_than_its_invitation_allows()
    {
        var invite = Invite(_ann.Did, _founding, entriesMax: 2);
        var rig = Rig(_founding, invite);
        var log = new List<Entry>();
        for (var i = 0; i < 3; i++)
        {
            log.Add(_ann.Publish($"{i}", log.LastOrDefault(), At(invite)));
            rig.Announce(log[i]);
        }

        Assert.Equal(2, rig.Delivered.Count);
        Assert.Equal(1, rig.Refused[RefusalCode.LogFull]);
        SameInEveryOrder([_founding, invite, .. log], rig, 120);
    }

    [Fact]
    [Row("D6")]
    public void Until_the_policy_comes_nothing_else_is_held_and_then_it_is()
    {
        var invite = Invite(_ann.Did, _founding);
        var rig = new ReplicaRig(_owner.Topic, new(0));
        rig.Announce(_ann.Publish("early", null, At(invite)));
        Assert.Empty(rig.Delivered);

        rig.Announce(_founding, invite);
        Assert.Single(rig.Delivered);
    }

    [Fact]
    [Row("D6")]
    public void A_revocation_ends_each_log_where_it_says_and_a_new_invitation_begins_others()
    {
        var invite = Invite(_ann.Did, _founding);
        var first = _ann.Publish("1", null, At(invite));
        var second = _ann.Publish("2", first, At(invite));
        var revoke = Revoke(_ann.Did, invite, invite, new LastSlot(first.Header.Log, 1));
        var again = Invite(_ann.Did, revoke);
        var anew = _ann.Publish("new", null, At(again));
        Entry[] all = [_founding, invite, first, second, revoke, again, anew];

        var rig = Rig(all);
        Assert.Equal([first.Dot, anew.Dot], rig.Delivered.Order(ByLog));
        SameInEveryOrder(all, rig, 400);
    }

    [Fact]
    public void A_log_that_a_revocation_does_not_name_is_as_if_it_had_never_been()
    {
        var invite = Invite(_ann.Did, _founding);
        var only = _ann.Publish("1", null, At(invite));
        var revoke = Revoke(_ann.Did, invite, invite);
        var without = Rig(_founding, invite, revoke);

        var rig = Rig(_founding, invite, only, revoke);
        Assert.Empty(rig.Delivered);
        Assert.Equal(without.Root, rig.Root);
        SameInEveryOrder([_founding, invite, only, revoke], rig, 24);
    }

    [Fact]
    [Row("G5")]
    public void After_a_fork_only_undisputed_invitations_count_and_every_revocation_does()
    {
        var invite = Invite(_ann.Did, _founding);
        var says = _ann.Publish("1", null, At(invite));
        var one = Invite(_bob.Did, invite);
        var bobs = _bob.Publish("bob", null, At(one));
        var other = Revoke(_ann.Did, invite, invite, new LastSlot(says.Header.Log, 1));
        var more = _ann.Publish("2", says, At(invite));
        Entry[] all = [_founding, invite, says, one, bobs, other, more];

        var rig = Rig([.. all, .. all]);
        Assert.Equal([says.Dot], rig.Delivered);
        Assert.Equal(3, rig.ClosedAt(_founding.Header.Log));
        Assert.False(rig.Readers.Allow(_ann.Did));
        Assert.False(rig.Readers.Allow(_bob.Did));
        SameInEveryOrder(all, rig, 400);
    }

    [Fact]
    public void A_delegate_invites_until_it_is_revoked()
    {
        var appoint = _owner.Say(
            new PolicyChange.Appointment(_ann.Did, PolicyRole.Delegate), _founding);
        var invite = _ann.Say(Invitation(_bob.Did), null, At(appoint));
        var bobs = _bob.Publish("bob", null, At(invite));
        var late = _ann.Say(Invitation(new SimulatedKeys(4).Self), invite, At(appoint));
        var revoke = Revoke(_ann.Did, appoint, appoint, new LastSlot(invite.Header.Log, 1));
        Entry[] all = [_founding, appoint, invite, bobs, late, revoke];

        var rig = Rig(all);
        Assert.Equal([bobs.Dot], rig.Delivered);
        Assert.True(rig.Readers.Allow(_bob.Did));
        Assert.False(rig.Readers.Allow(new SimulatedKeys(4).Self));
        Assert.False(rig.Readers.Allow(_ann.Did));
        SameInEveryOrder(all, rig, 400);
    }

    [Fact]
    public void A_successor_takes_over_from_the_slot_it_names()
    {
        var appoint = _owner.Say(
            new PolicyChange.Appointment(_ann.Did, PolicyRole.Successor), _founding);
        var early = _ann.Say(Invitation(_bob.Did), null, At(appoint));
        var silent = Rig(_founding, appoint, early);
        Assert.False(silent.Readers.Allow(_bob.Did), "it has not taken over");

        var takeOver = _ann.Say(
            new PolicyChange.Revocation(
                _owner.Did, [Admission.None], [new LastSlot(_founding.Header.Log, 2)]),
            early, At(appoint));
        var stolen = Invite(new SimulatedKeys(4).Self, appoint);
        Entry[] all = [_founding, appoint, early, takeOver, stolen];

        var rig = Rig(all);
        Assert.True(rig.Readers.Allow(_bob.Did));
        Assert.False(rig.Readers.Allow(new SimulatedKeys(4).Self), "the old key says no more");
        SameInEveryOrder(all, rig, 120);
    }

    [Fact]
    public void A_successor_that_was_revoked_before_takes_nothing_over()
    {
        var appoint = _owner.Say(
            new PolicyChange.Appointment(_ann.Did, PolicyRole.Successor), _founding);
        var revoke = Revoke(_ann.Did, appoint, appoint);
        var takeOver = _ann.Say(
            new PolicyChange.Revocation(
                _owner.Did, [Admission.None], [new LastSlot(_founding.Header.Log, 3)]),
            null, At(appoint));
        var invite = Invite(_bob.Did, revoke);
        Entry[] all = [_founding, appoint, revoke, takeOver, invite];

        var rig = Rig(all);
        Assert.True(rig.Readers.Allow(_bob.Did), "the owner still decides");
        SameInEveryOrder(all, rig, 120);
    }

    [Fact]
    public void A_change_that_cannot_be_read_closes_the_topic()
    {
        var invite = Invite(_ann.Did, _founding);
        var rig = Rig(_founding, invite, Unreadable(invite));
        rig.Announce(_ann.Publish("x", null, At(invite)));

        Assert.Empty(rig.Delivered);
        Assert.False(rig.Readers.Allow(_ann.Did));
        Assert.True(rig.Readers.Allow(_owner.Did), "or the mending could not come");
    }

    [Fact]
    public void What_is_no_policy_is_no_entry_of_a_policy_log_and_the_other_way_round()
    {
        var invite = Invite(_ann.Did, _founding);
        var rig = Rig(_founding, invite);
        var root = rig.Root;
        rig.Announce(_owner.Publish("text", invite, Admission.None));
        rig.Announce(_ann.Say(Invitation(_bob.Did), null, At(invite)));

        Assert.Equal(root, rig.Root);
        Assert.Equal(2, rig.Refused[RefusalCode.AccessRefused]);
    }

    [Fact]
    public void The_owners_node_writes_what_it_is_asked_and_says_why_not()
    {
        var rig = new ReplicaRig(_owner.Topic, new(1));
        rig.Announce(_founding);
        rig.Govern(new PolicyWish.Invite(_ann.Did, true, 0, ""));
        rig.Govern(new PolicyWish.Invite(_ann.Did, true, 0, ""));
        rig.Govern(new PolicyWish.Invite(_ann.Did, false, 0, ""));
        rig.Govern(new PolicyWish.Revoke(_bob.Did));
        rig.Publish("owner");
        Assert.Equal(["already-invited", "member-unknown"], rig.Declined);
        Assert.Single(rig.Written, e => e.Header is { IsPolicy: true, IsFounding: false });
        Assert.True(rig.Readers.Allow(_ann.Did));

        rig.Restart();
        rig.Govern(new PolicyWish.Revoke(_ann.Did));
        Assert.False(rig.Readers.Allow(_ann.Did));
        Assert.Single(rig.Delivered);
    }

    [Fact]
    public void Who_may_not_write_is_told_so()
    {
        var rig = new ReplicaRig(_owner.Topic, new(3));
        rig.Announce(_founding);
        rig.Publish("x");
        rig.Govern(new PolicyWish.Invite(_ann.Did, true, 0, ""));

        Assert.Equal(["write-refused", "policy-refused"], rig.Declined);
        Assert.Empty(rig.Written);
    }

    private static IComparer<Dot> ByLog { get; } =
        Comparer<Dot>.Create(
            (a, b) => (a.Log.Admission, a.Seq).CompareTo((b.Log.Admission, b.Seq)));

    private static Admission At(Entry policy) => PolicyWriter.AdmissionOf(policy);

    private static PolicyChange.Invitation Invitation(Did who) => new(who, true, 0, "");

    private Entry Invite(Did who, Entry prev, bool writes = true, long entriesMax = 0) =>
        _owner.Say(new PolicyChange.Invitation(who, writes, entriesMax, ""), prev);

    private Entry Revoke(Did who, Entry admission, Entry prev, params LastSlot[] logs) =>
        _owner.Say(new PolicyChange.Revocation(who, [At(admission)], [.. logs]), prev);

    /// <summary>As a newer version may write it: signed, and not understood here.</summary>
    private Entry Unreadable(Entry prev) => _owner.Say([0x7a, 0x00], prev);

    private ReplicaRig Rig(params Entry[] entries)
    {
        var rig = new ReplicaRig(_owner.Topic, new(0));
        rig.Announce(entries);
        return rig;
    }

    /// <summary>One by one, in many orders, with a restart in each: the same in the end.</summary>
    private void SameInEveryOrder(Entry[] entries, ReplicaRig expected, int orders)
    {
        var random = new Random(17);
        for (var i = 0; i < orders; i++)
        {
            var shuffled = entries.ToArray();
            random.Shuffle(shuffled);
            var rig = new ReplicaRig(_owner.Topic, new(0));
            for (var j = 0; j < shuffled.Length; j++)
            {
                rig.Announce(shuffled[j]);
                if (j == i % shuffled.Length)
                {
                    rig.Restart();
                }
            }

            // Anti-entropy brings again what a restart had still held back.
            rig.Announce(shuffled);
            var order = string.Join(' ', shuffled.Select(e => Array.IndexOf(entries, e)));
            Assert.True(expected.Root == rig.Root, $"another root after {order}");
            Assert.True(
                expected.Delivered.ToHashSet().SetEquals(rig.Delivered), $"delivered: {order}");
            Assert.True(expected.Readers.IsSame(rig.Readers), $"readers: {order}");
        }
    }
}
