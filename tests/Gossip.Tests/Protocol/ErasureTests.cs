using Gossip.Actors.Protocol;
using Gossip.Simulation;

namespace Gossip.Tests.Protocol;

/// <summary>
/// Whose word erases, and does it leave the same bytes in whatever order things arrive?
/// </summary>
[Trait("Row", "G14")]
public sealed class ErasureTests
{
    private static readonly SimulatedKeys OwnerKeys = new(1);
    private static readonly SimulatedKeys Ann = new(2);
    private static readonly SimulatedKeys Bob = new(3);
    private static readonly SimulatedKeys Cat = new(5);
    private readonly PolicyWriter _owner;
    private readonly PolicyWriter _ann;
    private readonly Entry _founding;
    private readonly Entry _inviteAnn;
    private readonly Entry _inviteBob;
    private readonly Entry[] _anns;

    public ErasureTests()
    {
        (_owner, _founding) = PolicyWriter.Found(OwnerKeys);
        _ann = _owner.Other(Ann);
        _inviteAnn = Invite(Ann, _founding);
        _inviteBob = Invite(Bob, _inviteAnn);
        var first = _ann.Publish("kept", null, At(_inviteAnn));
        _anns = [first, _ann.Publish("secret", first, At(_inviteAnn))];
    }

    private Entry Target => _anns[1];

    [Fact]
    public void Its_author_erases_an_entry_and_all_else_stays()
    {
        var before = Rig([.. All, Carrier(Ann, Target)]);
        Entry[] all = [.. All, Carrier(Ann, Target)];

        var rig = Rig(all);
        var erased = rig.Entries.Single(e => e.Id == Target.Id);
        Assert.True(erased.IsErased);
        Assert.Empty(erased.Payloads);
        Assert.Equal(Target.SignedHeader.HeaderBytes.ToArray(),
            erased.SignedHeader.HeaderBytes.ToArray());
        Assert.Equal("kept"u8.ToArray(), rig.Entries[0].Payloads[0].Data.ToArray());
        Assert.Empty(rig.Entries.Single(e => e.Header.Erases).Payloads);
        Assert.Equal(before.Root, rig.Root);
        SameInEveryOrder(all, rig, 200);
    }

    [Fact]
    public void The_owner_erases_what_another_wrote_and_of_two_the_lower_stands()
    {
        var owners = new Admission(1, _founding.Id);
        var byOwner = _owner.Erase(Statement(OwnerKeys, Target).Encode(), null, owners);
        Entry[] all = [.. All, byOwner, Carrier(Ann, Target)];
        Assert.True(Erased(Rig([.. All, byOwner]), Target));
        SameInEveryOrder(all, Rig(all), 300);
    }

    [Fact]
    [Row("D14")]
    public void A_successor_erases_what_the_old_key_wrote()
    {
        var end = _ann.Rotate(Cat, Target, At(_inviteAnn));
        var carrier = _owner.Other(Cat).Erase(
            Statement(Cat, Target).Encode(), null, At(_inviteAnn));
        Entry[] all = [.. All, end, carrier];

        var rig = Rig(all);
        Assert.True(Erased(rig, Target));
        SameInEveryOrder(all, rig, 300);
    }

    [Fact]
    public void It_arrives_erased_with_its_proof_and_nothing_else_is_needed()
    {
        var rig = Rig([.. All[..^1], Form(Ann, Target)]);
        Assert.True(Erased(rig, Target));
        rig.Restart();
        rig.Announce(Target);
        Assert.True(Erased(rig, Target), "who has the payloads does not bring them back");
    }

    [Fact]
    [Row("A4")]
    public void A_stranger_erases_nothing()
    {
        var rig = Rig(All);
        rig.Announce(_owner.Other(Bob).Erase(
            Statement(Bob, Target).Encode(), null, At(_inviteBob)));
        Assert.False(Erased(rig, Target));

        var stripped = Rig([.. All[..^1], Form(Bob, Target)]);
        Assert.Contains(RefusalCode.AccessRefused, stripped.Refused.Keys);
        Assert.DoesNotContain(Target.Dot, stripped.Delivered);
        stripped.Announce(Target);
        Assert.False(Erased(stripped, Target));
    }

    [Fact]
    [Row("A4")]
    public void A_signature_over_another_entry_erases_nothing()
    {
        var moved = Statement(Ann, _anns[0]) with { Entry = Target.Id, Dot = Target.Dot };
        var rig = Rig([.. All, Carry(Ann, moved, Target)]);
        Assert.False(Erased(rig, Target));
        Assert.Equal(1, rig.Refused[RefusalCode.SignatureWrong]);

        var stripped = Rig([.. All[..^1], Target with { PayloadList = moved.ToForm() }]);
        Assert.Equal(1, stripped.Refused[RefusalCode.SignatureWrong]);
    }

    /// <summary>A slot of one's own, and the id of what another wrote there never.</summary>
    [Fact]
    public void A_false_slot_neither_erases_nor_hides_an_erasure()
    {
        var bobs = new Dot(new(Bob.Self, 1, At(_inviteBob)), 1);
        var hiding = Statement(Bob, Target) with { Dot = bobs };
        Entry[] all =
        [
            .. All,
            _owner.Other(Bob).Erase(hiding.Encode(), null, At(_inviteBob)),
        ];
        Assert.False(Erased(Rig(all), Target));
        Entry[] both = [.. all, Carrier(Ann, Target)];
        Assert.True(Erased(Rig(both), Target));
        SameInEveryOrder(both, Rig(both), 100);
    }

    [Fact]
    [Row("A3")]
    public void Garbage_erases_nothing_and_does_no_harm()
    {
        var random = new Random(5);
        var form = Form(Ann, Target).PayloadList.ToArray();
        for (var i = 0; i < 300; i++)
        {
            var bytes = i % 2 == 0 ? form.ToArray() : new byte[random.Next(200)];
            if (i % 2 == 0)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }
            else
            {
                random.NextBytes(bytes);
            }

            var rig = Rig([.. All[..^1], Target with { PayloadList = bytes }]);
            Assert.DoesNotContain(Target.Dot, rig.Delivered);
            rig = Rig([.. All, _ann.Erase(bytes, Target, At(_inviteAnn))]);
            Assert.False(Erased(rig, Target));
        }
    }

    [Fact]
    public void What_others_depend_on_is_not_erased()
    {
        var carrier = Carrier(Ann, Target);
        var again = _ann.Erase(Statement(Ann, carrier).Encode(), carrier, At(_inviteAnn));
        var policy = _owner.Erase(
            Statement(OwnerKeys, _inviteAnn).Encode(), null, new(1, _founding.Id));
        var rig = Rig([.. All, carrier, again, policy]);
        Assert.False(Erased(rig, carrier));
        Assert.True(rig.Readers.Allow(Ann.Self));
        rig.Restart();
        Assert.True(rig.Readers.Allow(Ann.Self));

        var stripped = Rig(_founding, Form(OwnerKeys, _inviteAnn));
        Assert.Equal(1, stripped.Refused[RefusalCode.PayloadMismatch]);
    }

    [Fact]
    public void This_node_erases_its_own_and_is_told_what_it_may_not()
    {
        var rig = new ReplicaRig(_owner.Topic, Bob);
        rig.Announce([.. All]);
        rig.Publish("mine");
        var mine = Assert.Single(rig.Written);
        rig.Erase(mine);
        rig.Erase(Target);
        Assert.True(Erased(rig, mine));
        Assert.Equal(["erase-refused"], rig.Declined);
        Assert.False(Erased(rig, Target));
    }

    private Entry[] All => [_founding, _inviteAnn, _inviteBob, .. _anns];

    private static Admission At(Entry policy) => PolicyWriter.AdmissionOf(policy);

    private static bool Erased(ReplicaRig rig, Entry entry) =>
        rig.Entries.Single(e => e.Id == entry.Id).IsErased;

    private static Erasure Statement(SimulatedKeys by, Entry entry) => new(
        entry.Dot, entry.Id, by.Self, by.Sign(Erasure.StatementOf(entry.Id)));

    private static Entry Form(SimulatedKeys by, Entry entry) =>
        entry with { PayloadList = Statement(by, entry).ToForm() };

    private Entry Carrier(SimulatedKeys by, Entry entry) =>
        Carry(by, Statement(by, entry), Target);

    private Entry Carry(SimulatedKeys by, Erasure statement, Entry prev) =>
        _owner.Other(by).Erase(statement.Encode(), prev, At(_inviteAnn));

    private Entry Invite(SimulatedKeys who, Entry prev) =>
        _owner.Say(new PolicyChange.Invitation(who.Self, true, 0, ""), prev);

    private ReplicaRig Rig(params Entry[] entries)
    {
        var rig = new ReplicaRig(_owner.Topic, new(0));
        rig.Announce(entries);
        return rig;
    }

    private void SameInEveryOrder(Entry[] entries, ReplicaRig expected, int orders)
    {
        var random = new Random(29);
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
            rig.Announce(shuffled);
            var order = string.Join(' ', shuffled.Select(e => Array.IndexOf(entries, e)));
            Assert.True(expected.Root == rig.Root, $"another root after {order}");
            Assert.True(Bytes(expected).SequenceEqual(Bytes(rig)), $"other bytes after {order}");
        }
    }

    private static IEnumerable<(EntryId, string)> Bytes(ReplicaRig rig) => rig.Entries
        .OrderBy(e => e.Id)
        .Select(e => (e.Id, Convert.ToHexString(e.PayloadList.Span)));
}
