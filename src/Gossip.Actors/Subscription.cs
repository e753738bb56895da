using System.Runtime.CompilerServices;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Storage;

namespace Gossip.Actors;

/// <summary>A named subscription, and how many positions lie between it and the newest.</summary>
public sealed record SubscriptionStatus(TopicName Topic, string Name, long Position, long Lag);

/// <summary>
/// A consumer that the node remembers by name: what it acknowledged it does not get again, after
/// a restart too; what it did not acknowledge comes again. One reader at a time is meant.
/// </summary>
public sealed class Subscription
{
    /// <summary>Characters of a name; it stands in paths and tables.</summary>
    public const int NameLengthMax = 128;

    private readonly GossipNode _node;
    private readonly RunningNode _running;
    private readonly TopicId _id;
    private readonly SemaphoreSlim _writing = new(1);
    private long _position;

    private Subscription(
        GossipNode node, RunningNode running, TopicId id, TopicName topic, ReaderRecord record)
    {
        (_node, _running, _id, Topic) = (node, running, id, topic);
        (Name, _position) = (record.Name, record.Position);
    }

    public TopicName Topic { get; }

    public string Name { get; }

    /// <summary>The last position that was acknowledged; 0 before the first.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>Positions between the last acknowledged one and the newest.</summary>
    public long Lag => Math.Max(0, _running.Audience.Positions.Of(_id) - Position);

    /// <summary>
    /// Everything after the acknowledged position, then what comes: each entry once, in causal
    /// order.
    /// </summary>
    /// <exception cref="GossipException">store-…; stopped, when the node stops.</exception>
    public async IAsyncEnumerable<DeliveredEntry> ReadAsync(
        [EnumeratorCancellation] CancellationToken stop)
    {
        var entries = _node.SubscribeAsync(Topic, Position, stop);
        await foreach (var delivered in entries.ConfigureAwait(false))
        {
            yield return delivered;
        }
    }

    /// <summary>
    /// Everything up to here is done with; durable when the task completes. Going back is
    /// <see cref="ResetAsync"/>: an acknowledgement that comes late changes nothing.
    /// </summary>
    /// <exception cref="GossipException">position-ahead, store-…, stopped.</exception>
    public Task AcknowledgeAsync(long position, CancellationToken stop) =>
        MoveAsync(position, mayGoBack: false, stop);

    /// <summary>Goes on after another position: 0 is before the first entry.</summary>
    /// <exception cref="GossipException">position-ahead, store-…, stopped.</exception>
    public Task ResetAsync(long position, CancellationToken stop) =>
        MoveAsync(position, mayGoBack: true, stop);

    private async Task MoveAsync(long position, bool mayGoBack, CancellationToken stop)
    {
        var newest = _running.Audience.Positions.Of(_id);
        if (position < 0 || position > newest)
        {
            throw new GossipException(
                "position-ahead", $"A position in '{Topic}' is 0 to {newest}, not {position}.");
        }

        await _writing.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (position > Position || mayGoBack)
            {
                await WriteAsync(_running, _id, Name, position, stop).ConfigureAwait(false);
                Interlocked.Exchange(ref _position, position);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    internal static async Task<Subscription> OpenAsync(
        GossipNode node, RunningNode running, TopicId id, TopicName topic, string name,
        CancellationToken stop)
    {
        if (name.Length is < 1 or > NameLengthMax || name.Any(char.IsControl))
        {
            throw new GossipException(
                "subscription-name",
                $"A subscription's name is 1 to {NameLengthMax} printable characters.");
        }

        var record = await running
            .AskAsync(store => store.FindReaderAsync(id, ReaderKind.Subscription, name, stop))
            .ConfigureAwait(false);
        if (record is null)
        {
            await WriteAsync(running, id, name, 0, stop).ConfigureAwait(false);
        }

        return new(
            node, running, id, topic, record ?? new(ReaderKind.Subscription, name, 0));
    }

    private static Task WriteAsync(
        RunningNode running, TopicId id, string name, long position, CancellationToken stop) =>
        running.DoAsync(store =>
            store.WriteReaderAsync(id, new(ReaderKind.Subscription, name, position), stop));
}
