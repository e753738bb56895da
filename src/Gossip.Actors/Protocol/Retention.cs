using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What may be forgotten? Timer-driven: asks how much of each topic is stored, and tells its
/// machine to raise the floors of what is too old or too much. By the topic's policy, which says
/// so for everybody, and by this node's own quota; never by refusing what arrives.
/// </summary>
public sealed class Retention(GossipOptions options) : IMachine
{
    /// <summary>
    /// Some 16,000 entries: a commit that forgets more would keep publishers waiting.
    /// </summary>
    private const int SegmentsMax = 16;

    /// <summary>How soon the next of these, while there is more to forget.</summary>
    private static readonly TimeSpan Rush = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<TopicId, Shelf> _shelves = [];
    private readonly SortedSet<TopicId> _surveying = [];
    private bool _hasMore;

    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.Started:
                outbox.After(options.Retention.SweepInterval, new Signal.SweepDue());
                break;
            case Signal.TopicCarried(var topic, var name):
                _shelves.TryAdd(topic, new(options.Retention, new(topic, name)));
                break;
            case Signal.KeptFor(var topic, var keep, var bytes):
                ShelfOf(topic)?.Follow(keep, bytes);
                break;
            case Signal.SweepDue:
                Survey(outbox);
                break;
            case Signal.Surveyed(var topic, var segments):
                ShelfOf(topic)?.Fill(segments);
                if (_surveying.Remove(topic) && _surveying.Count == 0)
                {
                    Sweep(now, outbox);
                }

                break;
            case Signal.Restate or Signal.Stopping:
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }
    }

    private Shelf? ShelfOf(TopicId topic) => _shelves.GetValueOrDefault(topic);

    private void Survey(Outbox outbox)
    {
        _surveying.UnionWith(
            _shelves.Where(s => s.Value.IsBounded || IsBounded).Select(s => s.Key));
        _surveying.ToList().ForEach(topic => outbox.Add(new Effect.Survey(topic)));
        if (_surveying.Count == 0)
        {
            outbox.After(options.Retention.SweepInterval, new Signal.SweepDue());
        }
    }

    /// <summary>First what each topic may keep, then what this node may.</summary>
    private void Sweep(Moment now, Outbox outbox)
    {
        _hasMore = false;
        foreach (var shelf in _shelves.Values)
        {
            shelf.Expire(now.UnixMilliseconds);
            Tell(LimitKind.StoredBytesPerTopic, shelf.Shrink(now.UnixMilliseconds), outbox);
        }

        if (IsBounded)
        {
            var gone = Shelf.Shrink(
                [.. _shelves.Values],
                _shelves.Values.Sum(s => s.Bytes) - options.Retention.BytesMax,
                now.UnixMilliseconds);
            Tell(LimitKind.StoredBytes, gone, outbox);
        }

        if (_shelves.Values.MaxBy(s => s.Bytes) is { } most)
        {
            outbox.Add(new Effect.Show(new View.Stored(
                _shelves.Values.Sum(s => s.Bytes), most.Topic.Name, most.Bytes)));
        }

        foreach (var (topic, shelf) in _shelves)
        {
            var floors = shelf.TakeFloors(SegmentsMax, out var hasMore);
            _hasMore |= hasMore;
            if (!floors.IsEmpty)
            {
                outbox.Tell(new Signal.Trim(topic, floors));
            }
        }

        outbox.After(
            _hasMore ? Rush : options.Retention.SweepInterval, new Signal.SweepDue());
    }

    private static void Tell(LimitKind limit, long entries, Outbox outbox)
    {
        if (entries > 0)
        {
            outbox.Add(new Effect.Exceed(limit, entries, $"{entries} entries are forgotten"));
        }
    }

    private bool IsBounded => options.Retention.BytesMax > 0;
}
