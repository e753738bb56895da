using Gossip.Actors.Protocol;
using Gossip.Simulation;

namespace Gossip.Tests.Protocol;

/// <summary>
/// Do closures and roots depend on the order in which things arrive? They must not.
/// </summary>
public sealed class ForkOrderTests
{
    private static readonly SimulatedKeys TwoFaced = new(1);
    private static readonly SimulatedKeys Honest = new(2);
    private static readonly LogId Log = new(TwoFaced.Self, 1, Admission.None);

    [Fact]
    [Row("G5")]
    [Row("A11")]
    public void Every_order_of_two_histories_ends_with_the_same_closure_and_root()
    {
        var one = History(null, "one", 1, 6);
        var entries = one.Concat(History(one[2], "other", 4, 6)).ToArray();
        var roots = new HashSet<Hash>();
        for (var seed = 0; seed < 400; seed++)
        {
            var order = entries.ToArray();
            new Random(seed).Shuffle(order);
            var rig = new ReplicaRig();
            foreach (var entry in order)
            {
                rig.Announce(entry);
            }

            Assert.True(rig.ClosedAt(Log) == 4, $"seed {seed}: closed at {rig.ClosedAt(Log)}");
            roots.Add(rig.Root);
        }

        Assert.Single(roots);
    }

    [Fact]
    [Row("G5")]
    public void An_entry_just_before_a_closure_is_checked_against_what_the_closure_took_out()
    {
        for (var variant = 0; variant < 20; variant++)
        {
            var one = History(null, $"one {variant}", 1, 6);
            var other = History(one[2], "other", 4, 6);
            var rig = new ReplicaRig();
            rig.Announce(one[..3]);
            rig.Announce(one[4]);
            rig.Announce(new ForkProof(one[5].SignedHeader, other[2].SignedHeader));
            Assert.Equal(5, rig.ClosedAt(Log));

            rig.Announce(other[0]);
            Assert.Equal(4, rig.ClosedAt(Log));
        }
    }

    [Fact]
    [Row("G5")]
    public void Two_closed_logs_that_wait_for_each_other_end()
    {
        var second = new SimulatedKeys(3);
        var secondLog = new LogId(second.Self, 1, Admission.None);
        var first = Waiting(TwoFaced, secondLog);
        var other = Waiting(second, Log);
        var rig = new ReplicaRig();
        rig.Announce([.. first, .. other]);
        rig.Announce(Fork(TwoFaced, first[^1]));
        rig.Announce(Fork(second, other[^1]));
        Assert.Equal(4, rig.ClosedAt(Log));
        Assert.Equal(4, rig.ClosedAt(secondLog));
        Assert.Empty(rig.Delivered);
        rig.Restart();
        Assert.Equal(4, rig.ClosedAt(secondLog));
    }

    [Fact]
    [Row("A12")]
    [Row("G5")]
    public void An_id_that_arrives_above_a_gap_settles_who_waits_for_another()
    {
        var log = History(null, "one", 1, 3);
        var absent = ReplicaRig.Write(TwoFaced, 3, log[1], "what the honest author saw");
        var waiting = ReplicaRig.Write(
            Honest, 1, null, "honest", new Dependency(Log, 3, absent.Id.Hash.Prefix));
        var rig = new ReplicaRig();
        rig.Announce(waiting);
        Assert.Empty(rig.Delivered);

        rig.Announce(log[2]);
        Assert.Equal([waiting.Dot], rig.Delivered);
    }

    [Fact]
    [Row("G5")]
    public void A_proof_that_arrives_while_its_log_grows_finds_the_lowest_slot()
    {
        var one = History(null, "one", 1, 6);
        var rig = new ReplicaRig();
        rig.Announce(one[..4]);
        var other = History(one[2], "other", 4, 5);
        rig.Announce(new ForkProof(one[4].SignedHeader, other[1].SignedHeader));
        Assert.Equal(4, rig.ClosedAt(Log));
        rig.Restart();
        rig.Announce(other);
        rig.Announce(one);
        Assert.Equal(4, rig.ClosedAt(Log));
        Assert.Equal(3, rig.Delivered.Count);
    }

    private static Entry[] History(Entry? prev, string text, long first, long last)
    {
        var entries = new List<Entry>();
        for (var seq = first; seq <= last; seq++)
        {
            entries.Add(prev = ReplicaRig.Write(TwoFaced, seq, prev, $"{text} {seq}"));
        }

        return [.. entries];
    }

    /// <summary>Three entries of which the first waits for the second of another log.</summary>
    private static Entry[] Waiting(SimulatedKeys author, LogId on)
    {
        var first = ReplicaRig.Write(author, 1, null, "first", new Dependency(on, 2, 0));
        var second = ReplicaRig.Write(author, 2, first, "second");
        return [first, second, ReplicaRig.Write(author, 3, second, "third")];
    }

    /// <summary>Two entries after this one: the log is closed there.</summary>
    private static ForkProof Fork(SimulatedKeys author, Entry prev) => new(
        ReplicaRig.Write(author, prev.Header.Seq + 1, prev, "left").SignedHeader,
        ReplicaRig.Write(author, prev.Header.Seq + 1, prev, "right").SignedHeader);
}
