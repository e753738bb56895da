using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

/// <summary>Into which messages goes what a batch of our own entries tells?</summary>
[Row("C7")]
public sealed class AnnouncementTests
{
    private static readonly TopicId Topic = TopicId.OfPublic(ReplicaRig.Name);

    [Fact]
    public void A_batch_of_many_small_entries_is_split_by_their_number()
    {
        var parts = Announced(3000, 1);
        Assert.Equal([1024, 1024, 952], parts.Select(p => p.Entries.Length));
    }

    [Fact]
    public void A_batch_of_few_large_entries_is_split_by_their_bytes()
    {
        var parts = Announced(40, 100_000);
        Assert.InRange(parts.Length, 4, 39);
        Assert.All(parts, p => Assert.InRange(
            p.Entries.Sum(e => e.Size), 100_000, Limits.EntryBytesMax));
        Assert.Equal(Enumerable.Range(1, 40), parts.SelectMany(p => p.Entries)
            .Select(e => (int)e.Header.Seq));
    }

    [Fact]
    public void An_entry_as_large_as_a_message_travels_alone()
    {
        var parts = Announced(3, Limits.EntryBytesMax - 1000);
        Assert.All(parts, p => Assert.Single(p.Entries));
        Assert.Equal(3, parts.Length);
    }

    private static GossipMessage.Announcement[] Announced(int entries, int bytes)
    {
        var text = new string('x', bytes);
        var plan = new Plan();
        Entry? last = null;
        for (var seq = 1; seq <= entries; seq++)
        {
            last = ReplicaRig.Write(new(1), seq, last, text);
            plan.Publishes.Add((last, [], seq));
        }

        var outbox = new Outbox();
        plan.Announce(Topic, [new(1)], new GossipOptions { Push = true }, outbox);
        return [.. outbox.Drain().OfType<Effect.Tell>()
            .Select(t => Assert.IsType<Signal.Send>(t.Signal).Message)
            .Cast<GossipMessage.Announcement>()];
    }
}
