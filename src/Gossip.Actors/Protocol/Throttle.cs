using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// How much of what a peer says may be looked at? What we asked for always; what comes unasked
/// only within its allowance, before anything expensive is done with it.
/// </summary>
internal sealed class Throttle(Did peer, IAllowance allowance)
{
    private readonly Dictionary<TopicId, (long Request, long Items)> _asked = [];

    /// <summary>
    /// What we say. One pull runs per topic and link: the newest is the one to be answered.
    /// </summary>
    public void Note(GossipMessage message)
    {
        if (message is GossipMessage.PullRequest(var topic, var request, var wants))
        {
            _asked[topic] = (request, wants.Sum(ItemsOf));
        }
    }

    /// <summary>The message, or what is left of it; null when nothing is.</summary>
    public GossipMessage? Admit(GossipMessage message, Moment now, Outbox outbox)
    {
        switch (message)
        {
            case GossipMessage.Announcement said:
                var (entries, proofs) = Cut(said.Entries, said.Proofs, now, outbox);
                return entries.IsEmpty && proofs.IsEmpty
                    ? null
                    : said with { Entries = entries, Proofs = proofs };
            case GossipMessage.PullResponse said when !IsAnswer(said):
                // More than was asked, or an answer to nothing: its topic refuses it.
                (entries, proofs) = Cut(said.Entries, said.Proofs, now, outbox);
                var headers = First(said.Headers, Verify(said.Headers.Length, now, outbox));
                return said with { Entries = entries, Headers = headers, Proofs = proofs };
            case GossipMessage.Heads said:
                var rows = First(
                    said.Rows, Take(LimitKind.PeerRows, said.Rows.Length, now, outbox));
                return rows.IsEmpty ? null : said with { Rows = rows };
            case GossipMessage.Subscribe:
                return Take(LimitKind.PeerSubscriptions, 1, now, outbox) == 1 ? message : null;
            case GossipMessage.PullRequest:
                return Take(LimitKind.PeerPulls, 1, now, outbox) == 1 ? message : null;
            default:
                return message;
        }
    }

    private static long ItemsOf(Want want) =>
        want.Entries.Slots + want.Headers.Length + (want.WantsProof ? 1 : 0);

    private bool IsAnswer(GossipMessage.PullResponse said) =>
        _asked.TryGetValue(said.Topic, out var asked)
        && asked.Request == said.Request
        && _asked.Remove(said.Topic)
        && said.Entries.Length + said.Headers.Length + said.Proofs.Length <= asked.Items;

    /// <summary>The first ones stay: a log without holes is worth more.</summary>
    private (ImmutableArray<Entry> Entries, ImmutableArray<ForkProof> Proofs) Cut(
        ImmutableArray<Entry> entries, ImmutableArray<ForkProof> proofs, Moment now, Outbox outbox)
    {
        entries = First(entries, Take(LimitKind.PeerEntries, entries.Length, now, outbox));
        entries = First(entries, Verify(entries.Length, now, outbox));
        return (entries, First(proofs, Verify(2 * proofs.Length, now, outbox) / 2));
    }

    private long Verify(long signatures, Moment now, Outbox outbox)
    {
        var taken = Take(LimitKind.PeerVerifications, signatures, now, outbox);
        return Take(LimitKind.Verifications, taken, now, outbox);
    }

    private long Take(LimitKind limit, long amount, Moment now, Outbox outbox)
    {
        var taken = amount == 0 ? 0 : allowance.Take(limit, amount, now);
        if (taken < amount)
        {
            outbox.Add(new Effect.Exceed(
                limit, amount - taken, $"{peer.Tail}: {amount - taken} dropped"));
        }

        return taken;
    }

    private static ImmutableArray<T> First<T>(ImmutableArray<T> all, long count) =>
        count >= all.Length ? all : all[..(int)count];
}
