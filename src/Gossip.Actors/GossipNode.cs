using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors;

/// <summary>The door: a node inside your process. Publish, read, follow, look, stop.</summary>
public sealed partial class GossipNode : IAsyncDisposable
{
    /// <summary>
    /// Of the meter whose instruments show how the node stands, for any collector of
    /// System.Diagnostics.Metrics; its tag <c>gossip.did</c> says of which node.
    /// </summary>
    public const string MeterName = "Gossip.Actors";

    /// <summary>Bytes of one page read for a user, after its first entry.</summary>
    private const int PageBytes = 1024 * 1024;

    private readonly RunningNode _node;
    private readonly GossipMeter _meter;

    private GossipNode(RunningNode node)
    {
        _node = node;
        _meter = new(this);
    }

    /// <summary>Who this node is.</summary>
    public Did Did => _node.Self.Did;

    /// <summary>Where peers can dial it; null when it does not listen.</summary>
    public string? Address =>
        _node.Self.ListenAddress.Length > 0 ? _node.Self.ListenAddress : null;

    /// <summary>What it keeps its entries in.</summary>
    public string StoreDescription => _node.Store.Description;

    /// <exception cref="GossipException">
    /// options-invalid, directory-…, key-…, store-…, address-…: with what to do.
    /// </exception>
    public static Task<GossipNode> StartAsync(
        GossipOptions options, ILoggerFactory logs, TimeProvider time, CancellationToken stop) =>
        StartAsync(options, new GossipParts(), logs, time, stop);

    /// <summary>As above, with parts of your own: a store, a transport, keys.</summary>
    public static async Task<GossipNode> StartAsync(
        GossipOptions options,
        GossipParts parts,
        ILoggerFactory logs,
        TimeProvider time,
        CancellationToken stop)
    {
        if (options.Refusals() is { Count: > 0 } refusals)
        {
            throw new GossipException("options-invalid", string.Join("; ", refusals));
        }

        var running = await RunningNode.StartAsync(options, parts, logs, time, stop)
            .ConfigureAwait(false);
        var node = new GossipNode(running);
        parts.Runtime.Begin(node);
        return node;
    }

    /// <summary>
    /// Carries a topic from now on, after a restart too: a public one by its name, one with an
    /// owner by what its owner gave (<see cref="TopicRef.Parse"/>). True when it is new here.
    /// </summary>
    /// <exception cref="GossipException">store-named: another is called so here; store-….
    /// </exception>
    public Task<bool> JoinAsync(TopicRef topic, CancellationToken stop) =>
        _node.JoinAsync(topic, null, stop);

    /// <summary>Publishes one payload; durable here when the task completes.</summary>
    /// <exception cref="GossipException">
    /// topic-unknown, topic-reserved, payload-too-large, store-…, stopped.
    /// </exception>
    public async Task<Receipt> PublishAsync(
        TopicName topic, ReadOnlyMemory<byte> payload, CancellationToken stop)
    {
        var receipts = await PublishAsync(topic, [new Payload(payload)], stop)
            .ConfigureAwait(false);
        return receipts[0];
    }

    /// <summary>
    /// Publishes to a topic that this node carries; durable here when the task completes. The
    /// payloads share one entry. Waits for room when much is waiting.
    /// </summary>
    /// <exception cref="GossipException">
    /// topic-unknown, topic-reserved, payloads-none, payload-too-large, payloads-too-many,
    /// store-…, stopped.
    /// </exception>
    public Task<ImmutableArray<Receipt>> PublishAsync(
        TopicName topic, ImmutableArray<Payload> payloads, CancellationToken stop) =>
        PublishAsync(topic, payloads, new(), stop);

    /// <summary>As above, once per key, and waiting for peers when asked to.</summary>
    /// <exception cref="AcknowledgementException">
    /// acks-missing: published, but fewer peers than asked for hold it. It says which.
    /// </exception>
    /// <exception cref="GossipException">As above.</exception>
    public Task<ImmutableArray<Receipt>> PublishAsync(
        TopicName topic,
        ImmutableArray<Payload> payloads,
        PublishOptions options,
        CancellationToken stop)
    {
        PublishRules.Check(topic);
        PublishRules.Check(payloads, _node.Options.Sizes);
        PublishRules.Check(options);
        return _node.Publishing.PublishAsync(IdOf(topic), payloads, options, stop);
    }

    /// <summary>A page of the topic in this node's order of delivery, after a position.</summary>
    /// <exception cref="GossipException">topic-unknown, store-…, stopped.</exception>
    public Task<ImmutableArray<DeliveredEntry>> ReadAsync(
        TopicName topic, long after, int entriesMax, CancellationToken stop)
    {
        var id = IdOf(topic);
        return _node.AskAsync(
            store => store.ReadDeliveredAsync(id, after, entriesMax, PageBytes, stop));
    }

    /// <summary>
    /// Everything after a position, then what comes: each entry once, in causal order. A slow
    /// reader delays nobody.
    /// </summary>
    /// <exception cref="GossipException">
    /// topic-unknown, store-…; stopped, when the node stops.
    /// </exception>
    public async IAsyncEnumerable<DeliveredEntry> SubscribeAsync(
        TopicName topic, long after, [EnumeratorCancellation] CancellationToken stop)
    {
        var id = IdOf(topic);
        while (true)
        {
            // Positions that a closure took back hold nothing: what comes lies beyond them.
            var newest = _node.Audience.Positions.Of(id);
            var page = newest > after
                ? await ReadAsync(topic, after, 1024, stop).ConfigureAwait(false)
                : [];
            foreach (var delivered in page)
            {
                yield return delivered;
                after = delivered.Position;
            }

            if (page.IsEmpty)
            {
                await _node.Audience.Positions
                    .WaitBeyondAsync(id, Math.Max(after, newest), stop)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// A consumer whose position this node keeps, under a name that is unique in the topic. New
    /// ones begin before the first entry.
    /// </summary>
    /// <exception cref="GossipException">
    /// topic-unknown, subscription-name, store-…, stopped.
    /// </exception>
    public Task<Subscription> SubscribeAsync(
        TopicName topic, string name, CancellationToken stop) =>
        Subscription.OpenAsync(this, _node, IdOf(topic), topic, name, stop);

    /// <summary>The named subscriptions of a topic, and how far each is behind.</summary>
    /// <exception cref="GossipException">topic-unknown, store-…, stopped.</exception>
    public async Task<ImmutableArray<SubscriptionStatus>> SubscriptionsAsync(
        TopicName topic, CancellationToken stop)
    {
        var id = IdOf(topic);
        var readers = await _node
            .AskAsync(store => store.ReadersAsync(id, ReaderKind.Subscription, stop))
            .ConfigureAwait(false);
        var last = _node.Audience.Positions.Of(id);
        return [.. readers.Select(r => new SubscriptionStatus(
            topic, r.Name, r.Position, Math.Max(0, last - r.Position)))];
    }

    /// <summary>Forgets a named subscription; nothing changes when there is none.</summary>
    /// <exception cref="GossipException">topic-unknown, store-…, stopped.</exception>
    public Task UnsubscribeAsync(TopicName topic, string name, CancellationToken stop)
    {
        var id = IdOf(topic);
        return _node.DoAsync(store =>
            store.RemoveReaderAsync(id, ReaderKind.Subscription, name, stop));
    }

    /// <summary>
    /// Runs a topic actor from now on, under a name that is unique in its topic; joins the topic
    /// where it is not carried yet. Attach it again after each start of the node: its state comes
    /// back by replay, or from its snapshot.
    /// </summary>
    /// <exception cref="GossipException">actor-name, actor-exists, store-…, stopped.</exception>
    public async Task AttachAsync(
        TopicName topic, string name, Func<TopicActor> create, CancellationToken stop)
    {
        await JoinAsync(topic, stop).ConfigureAwait(false);
        _node.Actors.Attach(new(topic, name, create));
    }

    /// <summary>The topic actors that run here, by topic and name.</summary>
    public ImmutableArray<TopicActorStatus> Actors() => _node.Actors.All;

    /// <summary>
    /// A parked topic actor tries its entry again, or skips it: then it never sees that entry, in
    /// no later life either.
    /// </summary>
    /// <exception cref="GossipException">
    /// actor-unknown, actor-not-parked, actor-nothing-to-skip, store-….
    /// </exception>
    public Task ResumeActorAsync(
        TopicName topic, string name, bool skip, CancellationToken stop) =>
        _node.Actors.ResumeAsync(topic, name, skip, stop);

    /// <summary>
    /// What happens in this node from the first read on: entries created and received, peers
    /// added and removed, exchanges, closures, partitions. A watcher that is too slow misses
    /// events and is told how many; nobody else notices. Ends when the node stops.
    /// </summary>
    public IAsyncEnumerable<NodeEvent> WatchAsync(CancellationToken stop) =>
        _node.Audience.Events.WatchAsync(stop);

    /// <summary>An entry by its id; null when this node does not hold it.</summary>
    public Task<Entry?> FindAsync(EntryId id, CancellationToken stop) =>
        _node.AskAsync(store => store.FindAsync(id, stop));

    /// <summary>
    /// Runs a round with one peer, or with all, now. Empty when nobody is connected.
    /// </summary>
    /// <exception cref="GossipException">peer-unknown, stopped.</exception>
    public async Task<ImmutableArray<SyncResult>> SyncAsync(Did? peer, CancellationToken stop)
    {
        var results = await _node.SyncAsync(peer, stop).ConfigureAwait(false);
        return peer is not null && results.IsEmpty
            ? throw new GossipException(
                "peer-unknown", $"{peer} is not connected, or shares no topic with this node.")
            : results;
    }

    /// <summary>The topics this node carries, by name.</summary>
    public async Task<ImmutableArray<TopicStatus>> TopicsAsync(CancellationToken stop)
    {
        var topics = ImmutableArray.CreateBuilder<TopicStatus>();
        foreach (var (id, name) in _node.Topics.All.ToArray())
        {
            topics.Add(await _node.StatusOfAsync(id, name, stop).ConfigureAwait(false));
        }

        return topics.DrainToImmutable();
    }

    /// <summary>Every closed log of every topic: forked, ended, rotated or revoked.</summary>
    /// <exception cref="GossipException">store-…, stopped.</exception>
    public Task<ImmutableArray<ClosedLog>> ClosedLogsAsync(CancellationToken stop) =>
        Closures.AllAsync(_node, stop);

    public NodeStatus Status() => _node.Status();

    /// <summary>How much of every limit is used now, and how often each was reached.</summary>
    public ImmutableArray<LimitStatus> Limits() => _node.Limits.All;

    /// <summary>
    /// For a host that answers its own callers first: nothing new is published, and whoever waits
    /// for peers is told at once what is known. Everything else goes on until the end.
    /// </summary>
    public void BeginStop()
    {
        _node.Publishing.Close();
        _node.Audience.Holders.Stop();
    }

    /// <summary>Stops accepting, finishes commits and acknowledgements, says goodbye.</summary>
    public ValueTask DisposeAsync()
    {
        _meter.Dispose();
        return _node.DisposeAsync();
    }

    private TopicId IdOf(TopicName topic) => _node.Topics.IdOf(topic);
}
