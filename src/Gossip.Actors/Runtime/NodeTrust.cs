using System.Collections.Immutable;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Whom does this node trust, and whom does it ask about trust? Starts the graph when its topic is
/// carried, and publishes what this node attests.
/// </summary>
internal sealed class NodeTrust(RunningNode node, ITrustSource? own)
{
    private static readonly TopicId Id = TopicId.OfPublic(SystemTopic.Trust);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _attesting = new(1);
    private TrustFeed? _feed;
    private Task _life = Task.CompletedTask;
    private Task _gates = Task.CompletedTask;
    private long _last;

    /// <summary>What has to be carried from the start.</summary>
    public IEnumerable<TopicRef> Topics => Mode == TrustMode.On ? [SystemTopic.Trust] : [];

    /// <summary>The application's, or the graph.</summary>
    /// <exception cref="GossipException">trust-off, trust-not-carried.</exception>
    public ITrustSource Source => own ?? Feed;

    public ImmutableSortedDictionary<string, long> Counters =>
        _feed?.Counters ?? ImmutableSortedDictionary<string, long>.Empty;

    private TrustMode Mode => node.Options.Trust.Enabled;

    private TrustFeed Feed
    {
        get
        {
            ThrowIfOff();
            return _feed ?? throw new GossipException(
                "trust-not-carried",
                $"This node does not carry '{SystemTopic.Trust}', so it knows of nobody's trust: "
                + $"gossip topics join {SystemTopic.Trust}, or trust.enabled = true.");
        }
    }

    /// <summary>This topic is carried from now on.</summary>
    public void Notice(TopicName joined)
    {
        if (joined != SystemTopic.Trust || Mode == TrustMode.Off)
        {
            return;
        }

        var feed = new TrustFeed(node, Id);
        if (Interlocked.CompareExchange(ref _feed, feed, null) is null)
        {
            _life = Task.Run(() => feed.RunAsync(_stop.Token));
        }
    }

    /// <summary>
    /// Says it, unless it stands already; what it says counts here when the task completes.
    /// </summary>
    /// <exception cref="GossipException">
    /// attestation-of-self, attestation-note, attestation-unknown, trust-off, store-…, stopped.
    /// </exception>
    public async Task<TrustEdge> SayAsync(
        Did subject, Weight weight, string note, CancellationToken stop)
    {
        ThrowIfOff();
        Check(subject, note);
        await _attesting.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            await node.JoinAsync(SystemTopic.Trust, null, stop).ConfigureAwait(false);
            var feed = Feed;
            var before = await feed.OwnAsync(subject, stop).ConfigureAwait(false);
            if (before is null && weight.IsWithdrawn)
            {
                throw new GossipException(
                    "attestation-unknown",
                    $"This node does not trust {subject}, so there is nothing to withdraw; see: "
                    + "gossip trust show.");
            }

            return before?.Weight == weight && before.Note == note
                ? before
                : await PublishAsync(feed, new(subject, weight, note), stop).ConfigureAwait(false);
        }
        finally
        {
            _attesting.Release();
        }
    }

    /// <summary>
    /// Keeps the gates of this node's trust gated topics, as long as there are any and somebody
    /// can be asked about trust.
    /// </summary>
    public void KeepGates() => _gates = Task.Run(async () =>
    {
        var topics = new GatedTopics(node);
        for (var changes = topics.NextChange; topics.Topics.IsEmpty; changes = topics.NextChange)
        {
            await changes.WaitAsync(_stop.Token).ConfigureAwait(false);
        }

        if (own is null && Mode == TrustMode.Off)
        {
            node.Logger.GateStuck(topics.Topics[0].Name.Value, "trust.enabled is false");
            return;
        }

        if (own is null)
        {
            await node.JoinAsync(SystemTopic.Trust, null, _stop.Token).ConfigureAwait(false);
        }

        await new Gatekeeper(Source, topics, node.Options.Times, node.Time, node.Logger)
            .RunAsync(_stop.Token).ConfigureAwait(false);
    });

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _gates.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _life.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _feed?.Stop();
    }

    private async Task<TrustEdge> PublishAsync(
        TrustFeed feed, Attestation said, CancellationToken stop)
    {
        if (OwnLast() >= SystemTopic.TrustSeqMax - 1)
        {
            // The last slot ends this log; what follows begins the next.
            await node.Publishing.PublishAsync(Id, [], new(), stop).ConfigureAwait(false);
        }

        // One at a time: of the payloads that share an entry only the first counts.
        var receipts = await node.Publishing
            .PublishAsync(Id, [new Payload(said.Encode())], new(), stop)
            .ConfigureAwait(false);
        _last = receipts[0].Dot.Seq;
        await feed.ReachAsync(receipts[0].Position, stop).ConfigureAwait(false);
        var now = await feed.OwnAsync(said.Subject, stop).ConfigureAwait(false);
        return now ?? new(
            node.Self.Did,
            said.Subject,
            said.Weight,
            said.Note,
            node.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            receipts[0].Entry);
    }

    /// <summary>The last slot of the log that this node writes; what is seen may lag.</summary>
    private long OwnLast() => _last > 0
        ? _last
        : (node.Audience.Board.TopicOf(Id)?.Rows.Values ?? [])
            .Where(row => row.Log.Author.Equals(node.Self.Did) && row.ClosedAt is null)
            .Select(row => row.Holdings.Last)
            .DefaultIfEmpty(0)
            .Max();

    private void Check(Did subject, string note)
    {
        if (subject.Equals(node.Self.Did))
        {
            throw new GossipException(
                "attestation-of-self",
                "A word about oneself counts for nothing: name another node's DID.");
        }

        if (!Attestation.IsNote(note))
        {
            throw new GossipException(
                "attestation-note",
                $"A note is Unicode text of at most {Attestation.NoteBytesMax} bytes in UTF-8; "
                + $"this one has {note.Length} characters.");
        }
    }

    private void ThrowIfOff()
    {
        if (Mode == TrustMode.Off)
        {
            throw new GossipException(
                "trust-off", "This node keeps out of trust: set trust.enabled = auto, or true.");
        }
    }
}
