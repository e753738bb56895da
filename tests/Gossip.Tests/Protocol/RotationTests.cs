using Gossip.Actors.Protocol;
using Gossip.Simulation;

namespace Gossip.Tests.Protocol;

/// <summary>
/// What follows from a rotation, whatever it arrives with and in whatever order?
/// </summary>
[Trait("Row", "D14")]
public sealed class RotationTests
{
    private static readonly SimulatedKeys Ann = new(2);
    private static readonly SimulatedKeys Cat = new(5);
    private readonly PolicyWriter _owner;
    private readonly Entry _founding;
    private readonly Entry _invite;
    private readonly Admission _admission;
    private readonly Entry[] _anns;

    public RotationTests()
    {
        (_owner, _founding) = PolicyWriter.Found(new(1));
        _invite = Invite(Ann.Self, _founding);
        _admission = PolicyWriter.AdmissionOf(_invite);
        var first = _owner.Other(Ann).Publish("1", null, _admission);
        _anns = [first, _owner.Other(Ann).Publish("2", first, _admission)];
    }

    [Fact]
    public void The_successor_writes_and_reads_where_the_old_key_did()
    {
        var end = End(Ann, Cat, _anns[^1]);
        var cats = _owner.Other(Cat).Publish("cat", null, _admission);
        Entry[] all = [_founding, _invite, .. _anns, end, cats];

        var rig = Rig(all);
        Assert.Equal(4, rig.ClosedAt(end.Header.Log));
        Assert.Contains(cats.Dot, rig.Delivered);
        Assert.True(rig.Readers.Allow(Cat.Self));
        Assert.False(rig.Readers.Allow(Ann.Self), "the old key reads no more");
        SameInEveryOrder(all, rig, 200);
    }

    [Fact]
    public void A_successors_successor_follows_and_nobody_comes_back()
    {
        var dan = new SimulatedKeys(6);
        var end = End(Ann, Cat, _anns[^1]);
        var second = End(Cat, dan, null);
        var back = End(dan, Ann, null);
        var dans = _owner.Other(dan).Publish("dan", null, _admission);
        var rig = Rig([_founding, _invite, .. _anns, end, second]);
        Assert.True(rig.Readers.Allow(dan.Self));
        Assert.False(rig.Readers.Allow(Cat.Self));

        Entry[] all = [_founding, _invite, .. _anns, end, second, back];
        rig = Rig(all);
        Assert.False(rig.Readers.Allow(Ann.Self), "a key that was given up stays given up");
        SameInEveryOrder(all, rig, 200);
        Assert.Contains(dans.Dot, Rig([.. all[..^1], dans]).Delivered);
    }

    [Fact]
    [Row("G5")]
    public void The_old_key_cannot_take_a_rotation_back_by_a_fork()
    {
        var end = End(Ann, Cat, _anns[^1]);
        var beside = _owner.Other(Ann).Publish("other 2", _anns[0], _admission);
        var cats = _owner.Other(Cat).Publish("cat", null, _admission);
        Entry[] all = [_founding, _invite, .. _anns, end, beside, cats];

        var rig = Rig([.. all, .. all]);
        Assert.Equal(2, rig.ClosedAt(end.Header.Log));
        Assert.True(rig.Readers.Allow(Cat.Self));
        Assert.False(rig.Readers.Allow(Ann.Self));
        SameInEveryOrder(all, rig, 200);
    }

    [Fact]
    public void A_key_that_names_two_successors_has_both_until_the_owner_revokes_it()
    {
        var thief = new SimulatedKeys(7);
        var end = End(Ann, Cat, _anns[^1]);
        var stolen = End(Ann, thief, null, incarnation: 9);
        Entry[] all = [_founding, _invite, .. _anns, end, stolen];
        var rig = Rig(all);
        Assert.True(rig.Readers.Allow(Cat.Self) && rig.Readers.Allow(thief.Self));
        SameInEveryOrder(all, rig, 200);

        var cats = _owner.Other(Cat).Publish("cat", null, _admission);
        var revoke = _owner.Say(
            new PolicyChange.Revocation(
                Ann.Self, [_admission],
                [new(end.Header.Log, 3), new(cats.Header.Log, 1)]),
            _invite);
        all = [.. all, cats, revoke];
        rig = Rig(all);
        Assert.Contains(cats.Dot, rig.Delivered);
        Assert.False(rig.Readers.Allow(Cat.Self) || rig.Readers.Allow(thief.Self));
        SameInEveryOrder(all, rig, 200);
    }

    [Fact]
    public void An_owners_successor_is_the_owner()
    {
        var bob = new SimulatedKeys(3);
        var owner = new SimulatedKeys(1);
        var end = End(owner, Cat, _invite, Admission.None, isPolicy: true);
        var invite = _owner.Other(Cat).Say(
            new PolicyChange.Invitation(bob.Self, true, 0, ""), null);
        var bobs = _owner.Other(bob).Publish("bob", null, PolicyWriter.AdmissionOf(invite));
        Entry[] all = [_founding, _invite, end, invite, bobs];

        var rig = Rig(all);
        Assert.Equal([bobs.Dot], rig.Delivered);
        Assert.True(rig.Readers.Allow(Cat.Self));
        Assert.False(rig.Readers.Allow(owner.Self));
        SameInEveryOrder(all, rig, 120);
    }

    [Fact]
    public void Who_only_reads_hands_that_on_and_writes_nothing_else()
    {
        var invite = _owner.Say(
            new PolicyChange.Invitation(Ann.Self, false, 0, ""), _founding);
        var admission = PolicyWriter.AdmissionOf(invite);
        var rig = Rig(_founding, invite, _owner.Other(Ann).Publish("no", null, admission));
        Assert.Empty(rig.Delivered);

        rig.Announce(End(Ann, Cat, null, admission));
        Assert.True(rig.Readers.Allow(Cat.Self));
        rig.Announce(_owner.Other(Cat).Publish("no", null, admission));
        Assert.Single(rig.Delivered);
    }

    [Fact]
    public void A_full_log_can_still_be_handed_on()
    {
        var invite = _owner.Say(
            new PolicyChange.Invitation(Ann.Self, true, 1, ""), _founding);
        var admission = PolicyWriter.AdmissionOf(invite);
        var only = _owner.Other(Ann).Publish("only", null, admission);
        var rig = Rig(_founding, invite, only, End(Ann, Cat, only, admission));
        Assert.True(rig.Readers.Allow(Cat.Self));
        Assert.Equal(2, rig.Delivered.Count);
    }

    [Fact]
    [Row("A4")]
    public void Signed_by_one_key_only_it_is_refused()
    {
        var rig = Rig([_founding, _invite, .. _anns]);
        var root = rig.Root;
        var unsigned = End(Ann, Cat, _anns[^1], with: h => h with
        {
            Rotation = h.Rotation! with { Signature = new byte[SignedHeader.SignatureBytes] },
        });
        var notByAuthor = End(Ann, Cat, _anns[^1]);
        notByAuthor = notByAuthor with
        {
            SignedHeader = notByAuthor.SignedHeader with { Signature = Cat.Sign(notByAuthor.Id) },
        };
        rig.Announce(unsigned, notByAuthor);
        rig.Announce(ForkProof.OfEnd(unsigned.SignedHeader));
        Assert.Equal(2, rig.Refused[RefusalCode.SignatureWrong]);
        Assert.Equal(1, rig.Refused[RefusalCode.ProofInvalid]);
        Assert.Equal(root, rig.Root);
        Assert.True(rig.Readers.Allow(Ann.Self));
    }

    /// <summary>What a successor signed for one slot says nothing of any other.</summary>
    [Theory]
    [Row("A4")]
    [InlineData("network")]
    [InlineData("topic")]
    [InlineData("incarnation")]
    [InlineData("seq")]
    [InlineData("prev")]
    public void The_successors_signature_serves_no_other_slot(string differs)
    {
        var (log, topic, prev) = (_anns[0].Header.Log, _owner.Topic.Id, _anns[^1].Id);
        var other = differs switch
        {
            "network" => Rotation.StatementOf("other", topic, log, 3, prev),
            "topic" => Rotation.StatementOf(
                "test", TopicId.OfPublic(new("news")), log, 3, prev),
            "incarnation" => Rotation.StatementOf(
                "test", topic, log with { Incarnation = 2 }, 3, prev),
            "seq" => Rotation.StatementOf("test", topic, log, 2, prev),
            _ => Rotation.StatementOf("test", topic, log, 3, _anns[0].Id),
        };
        var rig = Rig([_founding, _invite, .. _anns]);
        rig.Announce(End(Ann, Cat, _anns[^1], with: h => h with
        {
            Rotation = new(Cat.Self, Cat.Sign(other)),
        }));
        Assert.Equal(1, rig.Refused[RefusalCode.SignatureWrong]);
        Assert.True(rig.Readers.Allow(Ann.Self));
    }

    [Fact]
    public void It_stands_only_on_an_end_and_names_another_key()
    {
        var rig = Rig([_founding, _invite, .. _anns]);
        var entry = End(Ann, Cat, _anns[^1], with: h => h with { IsEnd = false });
        rig.Announce(entry, End(Ann, Ann, _anns[^1]));
        Assert.Equal(2, rig.Refused[RefusalCode.HeaderMalformed]);
        Assert.True(EntryFormat.TryDecodeHeader(
            End(Ann, Cat, _anns[^1]).SignedHeader.HeaderBytes, out var header));
        Assert.Equal(Cat.Self, header.Rotation!.Successor);
    }

    [Fact]
    public void This_nodes_own_logs_end_once_and_what_was_handed_on_is_not_written_to()
    {
        var rig = new ReplicaRig(_owner.Topic, Ann);
        rig.Announce(_founding, _invite);
        rig.Publish("mine");
        rig.Rotate(Cat);
        rig.Rotate(Cat);
        rig.Publish("too late");

        var end = Assert.Single(rig.Written, e => e.Header.Rotation is not null);
        Assert.Equal(2, end.Header.Seq);
        Assert.Equal(["write-refused"], rig.Declined);
        Assert.True(rig.Readers.Allow(Cat.Self));
        rig.Restart();
        rig.Rotate(Cat);
        Assert.Single(rig.Written, e => e.Header.Rotation is not null);
        Assert.True(rig.Readers.Allow(Cat.Self));
    }

    [Fact]
    public void Where_nothing_was_written_the_end_is_the_first_entry()
    {
        var rig = new ReplicaRig();
        rig.Rotate(Cat);
        var end = Assert.Single(rig.Written);
        Assert.Equal((1, Cat.Self), (end.Header.Seq, end.Header.Rotation!.Successor));
        rig.Restart();
        rig.Rotate(Cat);
        Assert.Single(rig.Written);
    }

    private Entry Invite(Did who, Entry prev) =>
        _owner.Say(new PolicyChange.Invitation(who, true, 0, ""), prev);

    private Entry End(
        SimulatedKeys old,
        SimulatedKeys next,
        Entry? prev,
        Admission? admission = null,
        bool isPolicy = false,
        ulong incarnation = 1,
        Func<Header, Header>? with = null) => _owner.Other(old).Rotate(
            next, prev, admission ?? _admission, isPolicy, incarnation, with);

    private ReplicaRig Rig(params Entry[] entries)
    {
        var rig = new ReplicaRig(_owner.Topic, new(0));
        rig.Announce(entries);
        return rig;
    }

    private void SameInEveryOrder(Entry[] entries, ReplicaRig expected, int orders)
    {
        var random = new Random(23);
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
            Assert.True(
                expected.Delivered.ToHashSet().SetEquals(rig.Delivered), $"delivered: {order}");
            Assert.True(expected.Readers.IsSame(rig.Readers), $"readers: {order}");
        }
    }
}
