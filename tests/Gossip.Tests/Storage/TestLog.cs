using Gossip.Actors.Protocol;

namespace Gossip.Tests.Storage;

/// <summary>A log whose entries chain but whose signatures are fake: stores never verify.</summary>
internal sealed class TestLog
{
    private readonly TopicName _topic;
    private readonly List<Entry> _entries = [];

    public TestLog(TopicName topic, byte author, ulong incarnation = 1)
    {
        _topic = topic;
        var key = new byte[Did.KeyBytes];
        (key[0], key[1]) = (2, author);
        Id = new(Did.FromKey(key), incarnation, Admission.None);
    }

    public LogId Id { get; }

    public TopicId Topic => TopicId.OfPublic(_topic);

    /// <summary>The entry in this slot; made, with all before it, when it is asked for.</summary>
    public Entry this[long seq]
    {
        get
        {
            while (_entries.Count < seq)
            {
                _entries.Add(Make(_entries.Count + 1, PayloadBytes, fill: 7));
            }

            return _entries[(int)seq - 1];
        }
    }

    /// <summary>Of the entries made from now on.</summary>
    public int PayloadBytes { get; set; } = 100;

    public IEnumerable<Entry> Range(long first, long last)
    {
        for (var seq = first; seq <= last; seq++)
        {
            yield return this[seq];
        }
    }

    public Closure ClosedAt(long slot) =>
        new(slot, new(this[slot].SignedHeader, Make(slot, 5, fill: 9).SignedHeader));

    public LogRecord Record(long head, long delivered = 0, Closure? closure = null) => new()
    {
        Log = Id,
        Head = head,
        HeadId = head == 0 ? EntryId.None : this[head].Id,
        Delivered = delivered,
        DeliveredId = delivered == 0 ? EntryId.None : this[delivered].Id,
        Closure = closure,
    };

    /// <summary>
    /// Appends these slots, and places them from this position on unless it is 0.
    /// </summary>
    public Batch Append(long first, long last, long position = 0) => new()
    {
        Topic = Topic,
        Number = 0,
        Entries = [.. Range(first, last)],
        Logs = [Record(last, position > 0 ? last : 0)],
        Placements = position == 0
            ? []
            : [.. Range(first, last).Select(e => new Placement(e.Dot, position++))],
    };

    public Batch Batch(params Entry[] entries) =>
        new() { Topic = Topic, Number = 0, Entries = [.. entries] };

    private Entry Make(long seq, int payloadBytes, byte fill)
    {
        var data = new byte[payloadBytes];
        Array.Fill(data, fill);
        var payloads = EntryFormat.EncodePayloads([new Payload(data)]);
        var header = EntryFormat.Encode(new Header
        {
            Network = "test",
            Topic = Topic,
            Log = Id,
            Seq = seq,
            Prev = seq == 1 ? EntryId.None : _entries[(int)seq - 2].Id,
            Clock = [],
            Time = 1_000 + (seq * 10) + Id.Author.Key[1],
            PayloadCount = 1,
            PayloadBytes = payloads.Length,
            PayloadHash = Hash.OfBytes(payloads),
        });
        Assert.True(EntryFormat.TryDecodeHeader(header, out var decoded));
        var signature = new byte[SignedHeader.SignatureBytes];
        Array.Fill(signature, fill);
        return new(new(decoded, EntryId.Of(header), header, signature), payloads);
    }
}
