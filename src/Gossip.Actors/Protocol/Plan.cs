using System.Collections.Immutable;
using Gossip.Actors.Wire;

namespace Gossip.Actors.Protocol;

/// <summary>What goes into one batch, and who is told once it is durable.</summary>
internal sealed class Plan
{
    /// <summary>Kept below the frame limit, with room for the envelope.</summary>
    private const int AnnouncementBytesMax = Limits.EntryBytesMax;

    private const int AnnouncementEntriesMax = 1024;

    public List<Entry> Entries { get; } = [];

    public List<Placement> Placements { get; } = [];

    public List<ForkProof> Proofs { get; } = [];

    public SortedSet<LogId> Touched { get; } = [];

    /// <summary>The logs as they are once this is durable.</summary>
    public List<Row> Rows { get; } = [];

    /// <summary>Whose bytes are stored with this batch.</summary>
    public List<(Link Link, int Bytes)> Credits { get; } = [];

    /// <summary>Our own entries, the publishes in each, and its position.</summary>
    public List<(Entry Entry, ImmutableArray<Signal.Publish> Publishes, long Position)> Publishes
    { get; } = [];

    /// <summary>Nothing of it needs a commit.</summary>
    public bool IsEmpty =>
        Entries.Count == 0 && Placements.Count == 0 && Proofs.Count == 0 && Credits.Count == 0;

    public void Acknowledge(Outbox outbox)
    {
        foreach (var (entry, publishes, position) in Publishes)
        {
            var index = 0;
            foreach (var publish in publishes)
            {
                outbox.Add(new Effect.Acknowledge(
                    publish.Call,
                    [.. publish.Payloads.Select(_ =>
                        new Receipt(entry.Id, entry.Dot, index++, position))]));
            }

            outbox.Count(Tally.PayloadsPublished, index);
        }

        outbox.Count(Tally.EntriesPublished, Publishes.Count);
        foreach (var (link, bytes) in Credits)
        {
            outbox.Add(new Effect.Credit(link, bytes));
        }
    }

    /// <summary>
    /// Bodies that we wrote go to every subscriber; what others wrote is told as heads, by the
    /// ledger. Proofs go to everybody, at once.
    /// </summary>
    public void Announce(
        TopicId topic,
        IReadOnlyCollection<Link> subscribers,
        GossipOptions options,
        Outbox outbox)
    {
        var own = options.Push ? Publishes.Select(p => p.Entry) : [];
        var messages = Split(own)
            .Select(part => new GossipMessage.Announcement(topic, part, []))
            .Concat(Proofs.Select(p => new GossipMessage.Announcement(topic, [], [p])));
        foreach (var message in messages)
        {
            foreach (var link in subscribers)
            {
                outbox.Send(link, message);
            }
        }
    }

    /// <summary>By count and by bytes; an entry larger than a page travels alone.</summary>
    private static IEnumerable<ImmutableArray<Entry>> Split(IEnumerable<Entry> entries)
    {
        var part = ImmutableArray.CreateBuilder<Entry>();
        var bytes = 0;
        foreach (var entry in entries)
        {
            if (part.Count > 0 && (part.Count >= AnnouncementEntriesMax
                || bytes + entry.Size > AnnouncementBytesMax))
            {
                yield return part.DrainToImmutable();
                bytes = 0;
            }

            part.Add(entry);
            bytes += entry.Size + WireLimits.ItemOverheadBytes;
        }

        if (part.Count > 0)
        {
            yield return part.DrainToImmutable();
        }
    }
}
