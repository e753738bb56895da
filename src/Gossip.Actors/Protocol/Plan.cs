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

    /// <summary>Logs that close with this, and how many delivered entries that disputes.</summary>
    public List<(Closure Closure, long Undelivered)> Closures { get; } = [];

    /// <summary>What the policy takes away with this, from which slot on, and how many delivered
    /// entries that disputes.</summary>
    public List<(LogId Log, long End, long Undelivered)> Revoked { get; } = [];

    /// <summary>
    /// The first slot that the policy takes away from a log, as it is once this is durable.
    /// </summary>
    public List<Dot> PolicyEnds { get; } = [];

    /// <summary>Entries of policy logs, kept whatever becomes of their slots.</summary>
    public List<Entry> Policies { get; } = [];

    /// <summary>Statements that erase payloads, rightful or not yet: kept for ever.</summary>
    public List<Erasure> Erasures { get; } = [];

    /// <summary>Those that count from now on, whether their entries are held or not.</summary>
    public List<Erasure> Erased { get; } = [];

    public SortedSet<LogId> Touched { get; } = [];

    /// <summary>Logs whose floor, or whose lost slots, change with this; how many entries are
    /// forgotten, and how many slots given up.</summary>
    public List<(LogId Log, long Trimmed, long Lost)> Bounds { get; } = [];

    /// <summary>Logs that have no row once this is durable.</summary>
    public List<LogId> Withdrawn { get; } = [];

    /// <summary>Who may write and read follows from it anew.</summary>
    public bool ChangesRights { get; set; }

    /// <summary>The logs as they are once this is durable.</summary>
    public List<Row> Rows { get; } = [];

    /// <summary>Whose bytes are stored with this batch.</summary>
    public List<(Link Link, int Bytes)> Credits { get; } = [];

    /// <summary>Our own entries, the publishes in each, and its position.</summary>
    public List<(Entry Entry, ImmutableArray<Signal.Publish> Publishes, long Position)> Publishes
    { get; } = [];

    /// <summary>Who asked for a rotation, and the entries that make it.</summary>
    public (CallId Call, ImmutableArray<Receipt> Ends)? Rotation { get; set; }

    /// <summary>Nothing of it needs a commit.</summary>
    public bool IsEmpty =>
        Entries.Count == 0 && Placements.Count == 0 && Proofs.Count == 0 && Credits.Count == 0
        && Policies.Count == 0 && Revoked.Count == 0 && Erasures.Count == 0 && Bounds.Count == 0;

    /// <summary>What digests, and people, will be told of these logs.</summary>
    public void Show(IEnumerable<LogState> touched, Policy policy)
    {
        foreach (var state in touched)
        {
            if (policy.RowOf(state) is { } row)
            {
                Rows.Add(row);
            }
            else
            {
                Withdrawn.Add(state.Log);
            }

            PolicyEnds.Add(new(state.Log, state.PolicyEnd));
        }
    }

    /// <summary>Everything of it that must be durable before anybody is told.</summary>
    public Batch ToBatch(
        TopicId topic, long number, IEnumerable<LogState> touched, ulong? ownIncarnation,
        Moment now) => new()
        {
            Topic = topic,
            Number = number,
            Arrived = now.UnixMilliseconds,
            Entries = [.. Entries],
            Logs = [.. touched.Where(s => s.IsKnown).Select(s => s.Record)],
            Placements = [.. Placements],
            Policies = [.. Policies],
            Erasures = [.. Erasures],
            Erased = [.. Erased],
            Keys =
            [
                .. Published()
                    .Where(p => p.Publish.Key is not null)
                    .Select(p => new KeyRecord(p.Publish.Key!.Value, p.Place)),
            ],
            OwnIncarnation = ownIncarnation,
        };

    /// <summary>What was published, and where it lies once this is durable.</summary>
    public IEnumerable<(Signal.Publish Publish, Publication Place)> Published()
    {
        foreach (var (entry, publishes, position) in Publishes)
        {
            var first = 0;
            foreach (var publish in publishes)
            {
                var count = publish.Payloads.Length;
                yield return (publish, new(entry.Id, entry.Dot, first, count, position));
                first += count;
            }
        }
    }

    public void Acknowledge(Keyed keyed, Outbox outbox)
    {
        foreach (var (publish, place) in Published())
        {
            keyed.Acknowledge(publish, place, outbox);
        }

        if (Rotation is var (call, ends))
        {
            outbox.Add(new Effect.Acknowledge(call, ends));
        }

        outbox.Count(Tally.PayloadsPublished, Publishes.Sum(p => p.Entry.PayloadCount));
        outbox.Count(Tally.EntriesPublished, Publishes.Count);
        outbox.Count(Tally.EntriesTrimmed, Bounds.Sum(b => b.Trimmed));
        outbox.Count(Tally.SlotsLost, Bounds.Sum(b => b.Lost));
        foreach (var (link, bytes) in Credits)
        {
            outbox.Add(new Effect.Credit(link, bytes));
        }
    }

    /// <summary>Only now may a digest name them.</summary>
    public void TellLedger(TopicId topic, IDictionary<LogId, Row> durable, Outbox outbox)
    {
        foreach (var row in Rows)
        {
            durable[row.Log] = row;
            outbox.Tell(new Signal.Advanced(topic, row));
        }

        foreach (var log in Withdrawn.Where(durable.Remove))
        {
            outbox.Tell(new Signal.Withdrawn(topic, log));
        }
    }

    public void TellWatchers(TopicName topic, Outbox outbox)
    {
        if (Entries.Count > 0)
        {
            var own = Publishes.Select(p => p.Entry).ToHashSet();
            outbox.Add(new Effect.Entered(
                topic, [.. own], [.. Entries.Where(e => !own.Contains(e))]));
        }

        foreach (var (closure, undelivered) in Closures)
        {
            outbox.Add(new Effect.Happened(new NodeEvent.Closed(topic, closure, undelivered)));
        }

        foreach (var (id, header) in Policies
            .Select(p => (p.Dot, p.Header)).Where(p => p.Header.Rotation is not null))
        {
            outbox.Add(new Effect.Happened(new NodeEvent.Rotated(
                topic, header.Log.Author, header.Rotation!.Successor, id)));
        }

        foreach (var erasure in Erased)
        {
            outbox.Add(new Effect.Happened(
                new NodeEvent.Erased(topic, erasure.Dot, erasure.Entry, erasure.By)));
        }

        foreach (var (log, end, undelivered) in Revoked)
        {
            outbox.Add(new Effect.Happened(new NodeEvent.Revoked(topic, log, end, undelivered)));
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
