using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What of one topic is too old, or too much? The oldest segments go first, each log from its
/// beginning, as far as they can go.
/// </summary>
internal sealed class Shelf(GossipRetention retention, TopicRef topic)
{
    private readonly SortedDictionary<LogId, Queue<Segment>> _logs = [];
    private readonly SortedDictionary<LogId, List<Segment>> _going = [];
    private TimeSpan _keep;
    private long _keepBytes;

    /// <summary>Nothing of it is ever forgotten here.</summary>
    private bool IsProtected => topic.Name == SystemTopic.Trust
        || retention.Protected.Contains(topic);

    /// <summary>There is an age or a size that it must not exceed.</summary>
    public bool IsBounded => !IsProtected && (Keep > TimeSpan.Zero || BytesMax > 0);

    public TopicRef Topic => topic;

    /// <summary>What is stored, without what is going.</summary>
    public long Bytes { get; private set; }

    private double GraceMilliseconds => retention.Grace.TotalMilliseconds;

    private TimeSpan Keep => _keep == TimeSpan.Zero ? retention.Keep
        : retention.Keep == TimeSpan.Zero || _keep < retention.Keep ? _keep
        : retention.Keep;

    private long BytesMax => _keepBytes == 0 ? retention.TopicBytesMax
        : retention.TopicBytesMax == 0 ? _keepBytes
        : Math.Min(_keepBytes, retention.TopicBytesMax);

    /// <summary>What the topic's policy lets nodes keep; zero: as much as they like.</summary>
    public void Follow(TimeSpan keep, long bytes) => (_keep, _keepBytes) = (keep, bytes);

    public void Fill(ImmutableArray<Segment> segments)
    {
        _logs.Clear();
        _going.Clear();
        Bytes = segments.Sum(s => s.Bytes);
        foreach (var log in segments.GroupBy(s => s.Log))
        {
            _logs.Add(log.Key, new(log.OrderBy(s => s.Number)));
        }
    }

    public void Expire(long unixMilliseconds)
    {
        if (IsProtected || Keep == TimeSpan.Zero)
        {
            return;
        }

        var due = unixMilliseconds - (long)Keep.TotalMilliseconds;
        foreach (var log in _logs.Values)
        {
            while (log.TryPeek(out var first) && first.CanGo && first.Newest < due)
            {
                Drop(log);
            }
        }
    }

    /// <summary>How many entries go, since the topic has more than it may.</summary>
    public long Shrink(long unixMilliseconds) =>
        BytesMax > 0 ? Shrink([this], Bytes - BytesMax, unixMilliseconds) : 0;

    /// <summary>
    /// Of all these topics the oldest segments, until so many bytes are gone; but nothing that
    /// somebody who was away for a moment may still come for.
    /// </summary>
    public static long Shrink(
        IReadOnlyCollection<Shelf> shelves, long bytes, long unixMilliseconds)
    {
        var entries = 0L;
        var oldest = new PriorityQueue<(Shelf Shelf, Queue<Segment> Log), (long, LogId, TopicId)>();
        foreach (var shelf in shelves.Where(s => !s.IsProtected))
        {
            shelf._logs.Values.ToList().ForEach(log => Offer(shelf, log));
        }

        while (bytes > 0 && oldest.TryDequeue(out var next, out _))
        {
            var gone = next.Shelf.Drop(next.Log);
            (bytes, entries) = (bytes - gone.Bytes, entries + gone.Entries);
            Offer(next.Shelf, next.Log);
        }

        return entries;

        void Offer(Shelf shelf, Queue<Segment> log)
        {
            if (log.TryPeek(out var first) && first.CanGo
                && first.Newest < unixMilliseconds - shelf.GraceMilliseconds)
            {
                oldest.Enqueue((shelf, log), (first.Newest, first.Log, shelf.Topic.Id));
            }
        }
    }

    /// <summary>Floors that let go of at most so many segments.</summary>
    public ImmutableArray<Dot> TakeFloors(int segmentsMax, out bool hasMore)
    {
        hasMore = _going.Values.Sum(g => g.Count) > segmentsMax;
        var floors = ImmutableArray.CreateBuilder<Dot>();
        foreach (var (log, going) in _going)
        {
            var count = Math.Min(segmentsMax, going.Count);
            segmentsMax -= count;
            if (count > 0)
            {
                floors.Add(new(log, going[count - 1].FloorAbove));
            }
        }

        _going.Clear();
        return floors.DrainToImmutable();
    }

    private Segment Drop(Queue<Segment> log)
    {
        var segment = log.Dequeue();
        if (!_going.TryGetValue(segment.Log, out var going))
        {
            _going.Add(segment.Log, going = []);
        }

        going.Add(segment);
        Bytes -= segment.Bytes;
        return segment;
    }
}
