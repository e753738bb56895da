using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

public sealed class ForkProofTests
{
    private static readonly LogId Log = Some.Log(1);

    [Fact]
    public void Two_entries_in_one_slot_close_it() =>
        Proves(5, At(5), At(5) with { Time = 1 });

    [Fact]
    public void Two_first_entries_close_the_log_at_1() =>
        Proves(1, At(1), At(1) with { Time = 1 });

    [Fact]
    public void One_slot_with_two_prevs_closes_the_slot_below() =>
        Proves(4, At(5), At(5) with { Prev = Some.Id(99) });

    [Fact]
    public void A_neighbour_that_names_another_prev_closes_the_lower_slot()
    {
        var low = At(5);
        Proves(5, low, At(6) with { Prev = Some.Id(99) });
        Proves(1, At(1), At(2) with { Prev = Some.Id(99) });
        Proves(null, low, At(6) with { Prev = Some.Signed(low).Id });
    }

    [Fact]
    public void Headers_further_apart_prove_nothing() => Proves(null, At(5), At(7));

    [Fact]
    public void Different_logs_prove_nothing()
    {
        var other = At(5) with { Time = 1 };
        Proves(null, At(5), other with { Log = Some.Log(2) });
        Proves(null, At(5), other with { Log = Some.Log(1, incarnation: 2) });
        var invited = new LogId(Log.Author, Log.Incarnation, new Admission(1, Some.Id(1)));
        Proves(null, At(5), other with { Log = invited });
    }

    [Fact]
    public void Different_topics_or_networks_prove_nothing()
    {
        var other = At(5) with { Time = 1 };
        var sports = TopicId.OfPublic(new TopicName("sports"));
        Proves(null, At(5), other with { Topic = sports });
        Proves(null, At(5), other with { Network = "production" });
    }

    [Fact]
    public void The_same_header_twice_proves_nothing() => Proves(null, At(5), At(5));

    [Fact]
    public void A_signature_spelled_anew_proves_nothing()
    {
        var (one, other) = (Some.Signed(At(5), signature: 1), Some.Signed(At(5), signature: 2));
        Assert.Null(new ForkProof(one, other).Slot);
        Assert.Equal(one, other);
    }

    [Fact]
    public void Closures_merge_by_minimum_in_either_order()
    {
        var proof = new ForkProof(Some.Signed(At(5)), Some.Signed(At(5) with { Time = 1 }));
        Closure low = new(3, proof), high = new(5, proof);
        Assert.Equal(low, Closure.Merge(low, high));
        Assert.Equal(low, Closure.Merge(high, low));
        Assert.Equal(low, Closure.Merge(low, null));
        Assert.Equal(low, Closure.Merge(null, low));
        Assert.Equal(low, Closure.Merge(low, low));
        Assert.Null(Closure.Merge(null, null));
    }

    private static Header At(long seq) => Some.Header(Log, seq);

    private static void Proves(long? slot, Header one, Header other)
    {
        Assert.Equal(slot, new ForkProof(Some.Signed(one), Some.Signed(other)).Slot);
        Assert.Equal(slot, new ForkProof(Some.Signed(other), Some.Signed(one)).Slot);
    }
}
