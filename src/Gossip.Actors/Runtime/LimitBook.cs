using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;

namespace Gossip.Actors.Runtime;

/// <summary>
/// How much of every limit is used now, how often was it reached, and what sets it?
/// </summary>
internal sealed class LimitBook(
    GossipOptions options,
    Audience audience,
    Links links,
    Publishing publishing,
    Supervisor supervisor,
    IListener? listener)
{
    /// <summary>In the order of their names' declaration, each once.</summary>
    public ImmutableArray<LimitStatus> All
    {
        get
        {
            var atDoor = (listener?.Limits ?? []).ToDictionary(l => l.Limit);
            return
            [
                .. Connections().Concat(Rates()).Concat(Queues()).Concat(Storage())
                    .Select(here => atDoor.GetValueOrDefault(here.Limit) is not { } door
                        ? here
                        : here with
                        {
                            Use = here.Use ?? door.Use,
                            Who = here.Who ?? door.Who,
                            Rejected = here.Rejected + door.Rejected,
                        })
                    .OrderBy(l => l.Limit),
            ];
        }
    }

    /// <summary>As the counters of a status: every one, whether or not it was reached.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counters => All.Select(l =>
        KeyValuePair.Create($"limit-rejected.{StatusBoard.Kebab(l.Limit)}", l.Rejected));

    private GossipSizes Sizes => options.Sizes;

    private IEnumerable<LimitStatus> Connections()
    {
        var (identity, count) = links.Identities.Busiest;
        yield return Of(
            LimitKind.Connections, "connections-max", links.All.Count(), Sizes.ConnectionsMax);
        yield return Of(
            LimitKind.ConnectionsAccepted, "connections-max", links.Accepted,
            Doorkeeper.AcceptedMax(Sizes));
        yield return Of(
            LimitKind.ConnectionsPerAddress, "connections-per-address-max", null,
            Sizes.ConnectionsPerAddressMax);
        yield return Of(
            LimitKind.ConnectionsPerIdentity, "connections-per-identity-max", count,
            Sizes.ConnectionsPerIdentityMax, identity);
        yield return Of(
            LimitKind.ConnectionsPerProcess, "connections-per-process-max", null,
            Sizes.ConnectionsPerProcessMax);
        yield return Of(
            LimitKind.Handshakes, "handshakes-max", null, Sizes.HandshakesMax);
    }

    private IEnumerable<LimitStatus> Rates()
    {
        var worst = links.Identities.Worst();
        var rates = options.Rates;
        return
        [
            OfRate(LimitKind.PeerFrames, rates.PeerFrames),
            OfRate(LimitKind.PeerBytes, rates.PeerBytes),
            OfRate(LimitKind.PeerEntries, rates.PeerEntries),
            OfRate(LimitKind.PeerVerifications, rates.PeerVerifications),
            OfRate(LimitKind.PeerRows, rates.PeerRows),
            OfRate(LimitKind.PeerPulls, rates.PeerPulls),
            OfRate(LimitKind.PeerSubscriptions, rates.PeerSubscriptions),
            OfRate(LimitKind.Verifications, rates.Verifications) with
            {
                Use = links.Identities.VerificationsAsked,
            },
        ];

        LimitStatus OfRate(LimitKind limit, int perSecond)
        {
            var (who, asked) = worst.GetValueOrDefault(limit);
            return new(
                limit, $"rates.{StatusBoard.Kebab(limit)}", asked, perSecond,
                audience.Board.Exceeded(limit))
            {
                Who = who?.ToString(),
            };
        }
    }

    private IEnumerable<LimitStatus> Queues()
    {
        PeerLink[] all = [.. links.All];
        var credit = all.MaxBy(l => l.Credit.Used);
        var queue = all.MaxBy(l => l.QueueBytes);
        var (actor, signals) = supervisor.Busiest;
        return
        [
            Of(LimitKind.TopicsPerPeer, "topics-per-peer-max", null, Sizes.TopicsPerPeerMax),
            Of(LimitKind.FrameBytes, "frame-bytes-max", null, Sizes.FrameBytesMax),
            Of(LimitKind.Credit, "credit-bytes", credit?.Credit.Used ?? 0, Sizes.CreditBytes,
                credit?.Credit.Used > 0 ? credit.Peer : null),
            Of(LimitKind.Received, "received-bytes-max", links.Pool.Used, Sizes.ReceivedBytesMax),
            Of(LimitKind.SendQueue, "send-queue-bytes-max", queue?.QueueBytes ?? 0,
                Sizes.SendQueueBytesMax, queue?.QueueBytes > 0 ? queue.Peer : null),
            Of(LimitKind.Mailbox, "mailbox-max", signals, Sizes.MailboxMax,
                signals > 0 ? actor : null),
            Of(LimitKind.Publishes, "publishes-max", publishing.Waiting, Sizes.PublishesMax),
            Of(LimitKind.Events, "events-max", audience.Events.Waiting, Sizes.EventsMax),
        ];
    }

    private IEnumerable<LimitStatus> Storage()
    {
        var (stored, kept) = (audience.Board.Stored, options.Retention);
        yield return new(
            LimitKind.StoredBytes, "retention.bytes-max", stored?.Bytes, kept.BytesMax,
            audience.Board.Exceeded(LimitKind.StoredBytes));
        yield return new(
            LimitKind.StoredBytesPerTopic, "retention.topic-bytes-max", stored?.MostBytes,
            kept.TopicBytesMax, audience.Board.Exceeded(LimitKind.StoredBytesPerTopic))
        {
            Who = stored?.Most.Value,
        };
    }

    private LimitStatus Of(
        LimitKind limit, string option, long? use, long max, object? who = null) =>
        new(limit, $"sizes.{option}", use, max, audience.Board.Exceeded(limit))
        {
            Who = who?.ToString(),
        };
}
