using Gossip.Actors.Protocol;
using Gossip.Simulation;

namespace Gossip.Tests.Protocol;

/// <summary>Does the end of a log close it alike, in whatever order things arrive?</summary>
[Trait("Row", "G15")]
[Trait("Row", "G5")]
public sealed class EndOrderTests
{
    private static readonly SimulatedKeys Author = new(1);
    private static readonly LogId Log = new(Author.Self, 1, Admission.None);

    [Fact]
    public void In_order_the_end_closes_the_log_after_itself()
    {
        var (log, end) = Ended(3);
        ExpectAlways(5, [.. log, end]);
        ExpectAlways(5, [.. log, end], ForkProof.OfEnd(end.SignedHeader));
    }

    [Fact]
    public void What_was_written_after_the_end_never_counts()
    {
        var (log, end) = Ended(3);
        var after = ReplicaRig.Write(Author, 5, end, "after");
        ExpectAlways(5, [.. log, end, after, ReplicaRig.Write(Author, 6, after, "later")]);
    }

    [Fact]
    public void An_end_beside_an_entry_in_its_slot_is_a_fork_there()
    {
        var (log, end) = Ended(3);
        var beside = ReplicaRig.Write(Author, 4, log[2], "beside");
        ExpectAlways(4, [.. log, beside], ForkProof.OfEnd(end.SignedHeader));
        ExpectAlways(4, [.. log, beside, end], ForkProof.OfEnd(end.SignedHeader));
    }

    [Fact]
    public void An_end_that_names_another_entry_before_it_is_a_fork_there()
    {
        var (log, _) = Ended(3);
        var other = ReplicaRig.Write(Author, 3, log[1], "another third");
        var end = ReplicaRig.WriteEnd(Author, 4, other);
        var beside = ReplicaRig.Write(Author, 4, log[2], "fourth");
        ExpectAlways(3, log, ForkProof.OfEnd(end.SignedHeader));
        ExpectAlways(3, [.. log, beside], ForkProof.OfEnd(end.SignedHeader));
        ExpectAlways(3, [.. log, beside, other, end]);
    }

    [Fact]
    [Row("A3")]
    public void An_end_in_the_last_slot_there_is_closes_nothing()
    {
        var (log, _) = Ended(3);
        var end = ReplicaRig.WriteEnd(Author, Dot.SeqMax, log[2]);
        var rig = new ReplicaRig();
        rig.Announce([.. log]);
        rig.Announce(end);
        rig.Announce(ForkProof.OfEnd(end.SignedHeader));
        Assert.Null(rig.ClosedAt(Log));
        Assert.Equal(3, rig.Delivered.Count);
    }

    [Fact]
    public void An_ordinary_header_named_twice_ends_nothing()
    {
        var (log, _) = Ended(3);
        var rig = new ReplicaRig();
        rig.Announce([.. log]);
        rig.Announce(new ForkProof(log[2].SignedHeader, log[2].SignedHeader));
        Assert.Null(rig.ClosedAt(Log));
    }

    /// <summary>Every order of these items closes the log there, under one root.</summary>
    private static void ExpectAlways(long slot, Entry[] entries, params ForkProof[] proofs)
    {
        var roots = new HashSet<Hash>();
        for (var seed = 0; seed < 200; seed++)
        {
            object[] items = [.. entries, .. proofs];
            new Random(seed).Shuffle(items);
            var rig = new ReplicaRig();
            foreach (var item in items)
            {
                if (item is Entry entry)
                {
                    rig.Announce(entry);
                }
                else
                {
                    rig.Announce((ForkProof)item);
                }
            }

            // What a peer would bring again once it sees that the rows differ.
            rig.Announce(entries);
            Assert.True(rig.ClosedAt(Log) == slot, $"seed {seed}: closed at {rig.ClosedAt(Log)}");
            roots.Add(rig.Root);
            rig.Restart();
            Assert.Equal(slot, rig.ClosedAt(Log));
        }

        Assert.Single(roots);
    }

    private static (Entry[] Log, Entry End) Ended(int entries)
    {
        var log = new List<Entry>();
        while (log.Count < entries)
        {
            log.Add(ReplicaRig.Write(
                Author, log.Count + 1, log.LastOrDefault(), $"{log.Count + 1}"));
        }

        return ([.. log], ReplicaRig.WriteEnd(Author, entries + 1, log[^1]));
    }
}
