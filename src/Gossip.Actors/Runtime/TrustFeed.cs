using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Actors.Trust;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What do the attestations that this node holds say? Gives every delivered entry of their topic to
/// the graph. A graph answers once it has read everything: when entries are taken back the last one
/// goes on answering until the next has caught up, so no score dips on the way.
/// </summary>
internal sealed class TrustFeed(RunningNode node, TopicId topic) : ITrustSource
{
    private const int PageEntries = 256;
    private const int PageBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Pulse _changed = new();
    private readonly Pulse _shown = new();
    private readonly Pulse _asked = new();
    private TrustGraph? _graph;
    private long _read;
    private long _heard;
    private bool _isStopped;

    public Task NextChange => _changed.Next;

    public ImmutableSortedDictionary<string, long> Counters
    {
        get
        {
            lock (_gate)
            {
                return ImmutableSortedDictionary<string, long>.Empty
                    .Add("trust-attestations", _graph?.Count ?? 0)
                    .Add("trust-authors-left-out", _graph?.LeftOut.Count ?? 0);
            }
        }
    }

    public ValueTask<TrustScore> ScoreAsync(
        Did viewpoint, Did subject, CancellationToken stop) =>
        AskAsync(viewpoint, graph => graph.ScoreOf(viewpoint, subject), stop);

    public ValueTask<ImmutableArray<Ranked>> ReachingAsync(
        Did viewpoint, Score least, CancellationToken stop) =>
        AskAsync(viewpoint, graph => graph.Reaching(viewpoint, least), stop);

    /// <summary>What this node itself last said of someone; null when nothing stands.</summary>
    public ValueTask<TrustEdge?> OwnAsync(Did subject, CancellationToken stop) =>
        AskAsync(node.Self.Did, graph => graph.EdgeOf(node.Self.Did, subject), stop);

    /// <summary>Completes once everything up to this position counts.</summary>
    /// <exception cref="GossipException">stopped.</exception>
    public async Task ReachAsync(long position, CancellationToken stop)
    {
        while (true)
        {
            var shown = _shown.Next;
            lock (_gate)
            {
                if (_read >= position)
                {
                    return;
                }
            }

            await WaitAsync(shown, stop).ConfigureAwait(false);
        }
    }

    public static TrustGraph Begin(Did self, GossipSizes sizes) =>
        new(self, sizes.TrustAttestationsMax);

    public async Task RunAsync(CancellationToken stop)
    {
        var graph = Begin(node.Self.Did, node.Options.Sizes);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(graph, stop).ConfigureAwait(false);
            }
            catch (GossipException)
            {
                // The store's trouble, which the node shows: nothing is wrong with the graph.
                await Task.Delay(node.Options.Times.ActorRetry, node.Time, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            lock (_gate)
            {
                graph = graph.Anew();
            }
        }
    }

    /// <summary>Nothing more is read: whoever waits is told.</summary>
    public void Stop()
    {
        Volatile.Write(ref _isStopped, true);
        _shown.Beat();
    }

    /// <summary>From the first entry; ends when the graph has to be made anew.</summary>
    private async Task FollowAsync(TrustGraph graph, CancellationToken stop)
    {
        var takenBack = await TakenBackAsync(stop).ConfigureAwait(false);
        for (var position = 0L; ;)
        {
            var (moved, asked) = (node.Audience.Positions.NextMove(topic), _asked.Next);
            var newest = node.Audience.Positions.Of(topic);
            if (await TakenBackAsync(stop).ConfigureAwait(false) != takenBack)
            {
                return;
            }

            var after = position;
            var page = await node
                .AskAsync(store => store.ReadDeliveredAsync(
                    topic, after, PageEntries, PageBytes, stop))
                .ConfigureAwait(false);
            var changed = Take(graph, page);
            position = page.IsEmpty ? Math.Max(position, newest) : page[^1].Position;
            if (page.IsEmpty && !Show(graph, position))
            {
                return;
            }

            Tell(changed);
            if (page.IsEmpty)
            {
                await Task.WhenAny(moved, asked).WaitAsync(stop).ConfigureAwait(false);
            }
        }
    }

    private List<TrustEdge> Take(TrustGraph graph, ImmutableArray<DeliveredEntry> page)
    {
        var changed = new List<TrustEdge>();
        lock (_gate)
        {
            foreach (var (position, entry) in page)
            {
                if (graph.Take(entry, out var refusal) is { } edge && graph == _graph)
                {
                    changed.Add(edge);
                }

                if (refusal is not null && position > _heard)
                {
                    node.Audience.Board.Refuse(RefusalCode.AttestationInvalid, refusal);
                }

                _heard = Math.Max(_heard, position);
            }
        }

        return changed;
    }

    /// <summary>It has read everything; false when it has to read it again.</summary>
    private bool Show(TrustGraph graph, long position)
    {
        bool isNew;
        lock (_gate)
        {
            if (graph.IsStale)
            {
                return false;
            }

            isNew = _graph != graph;
            (_graph, _read) = (graph, Math.Max(_read, position));
        }

        if (isNew)
        {
            _changed.Beat();
        }

        _shown.Beat();
        return true;
    }

    private void Tell(List<TrustEdge> changed)
    {
        foreach (var edge in changed)
        {
            node.Audience.Events.Publish(
                new NodeEvent.Attested(edge.From, edge.To, edge.Weight));
        }

        if (changed.Count > 0)
        {
            _changed.Beat();
        }
    }

    private async ValueTask<T> AskAsync<T>(
        Did viewpoint, Func<TrustGraph, T> ask, CancellationToken stop)
    {
        while (true)
        {
            var shown = _shown.Next;
            lock (_gate)
            {
                _graph?.Look(viewpoint);
                if (_graph is { IsStale: false })
                {
                    return ask(_graph);
                }
            }

            _asked.Beat();
            await WaitAsync(shown, stop).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(Task shown, CancellationToken stop)
    {
        if (Volatile.Read(ref _isStopped))
        {
            throw Reasons.Stopped;
        }

        await shown.WaitAsync(stop).ConfigureAwait(false);
    }

    private Task<long> TakenBackAsync(CancellationToken stop) =>
        node.AskAsync(store => store.TakenBackAsync(topic, stop));
}
