using Gossip.Actors.Protocol;
using Gossip.Tests.Storage;

namespace Gossip.Tests.Protocol;

/// <summary>Can a flood of what nobody admits yet crowd out somebody's first entries?</summary>
[Row("D8")]
public sealed class HeldBackTests
{
    [Fact]
    public void Whoever_sends_most_makes_room()
    {
        var held = new HeldBack();
        var flood = new TestLog(new("t"), 1) { PayloadBytes = 100_000 };
        var first = new TestLog(new("t"), 2) { PayloadBytes = 100_000 };
        held.Add(new(1), first[1]);
        for (var seq = 1; seq <= 50; seq++)
        {
            held.Add(new(2), flood[seq]);
        }

        held.Add(new(1), first[2]);
        var all = held.TakeAll();
        Assert.Equal(
            [first[1], first[2]], all.Where(h => h.Link == new Link(1)).Select(h => h.Entry));
        var kept = all.Where(h => h.Link == new Link(2)).Select(h => h.Entry.Header.Seq).ToArray();
        Assert.Equal(50, kept[^1]);
        Assert.InRange(all.Sum(h => h.Entry.Size), HeldBack.BytesMax - 200_000, HeldBack.BytesMax);
        Assert.Empty(held.TakeAll());
    }
}
