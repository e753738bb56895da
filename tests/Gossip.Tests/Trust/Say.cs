using System.Buffers.Binary;
using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;

namespace Gossip.Tests.Trust;

/// <summary>Who says what of whom? Entries of the topic of trust, without signatures.</summary>
internal static class Say
{
    /// <summary>A key that nobody owns; more of them than a byte counts.</summary>
    public static Did Who(int number)
    {
        var key = new byte[Did.KeyBytes];
        key[0] = 2;
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(1), number);
        return Did.FromKey(key);
    }

    public static LogId Log(int author, ulong incarnation = 1) =>
        new(Who(author), incarnation, Admission.None);

    public static Entry That(
        int author, int subject, double weight, long seq, ulong incarnation = 1, long time = 1,
        params (ulong Incarnation, long Seq)[] seen)
    {
        Assert.True(Weight.TryOf(weight, out var exact));
        return Raw(
            Log(author, incarnation), seq, new Attestation(Who(subject), exact, "").Encode(), time,
            seen);
    }

    public static Entry Raw(
        LogId log, long seq, ReadOnlyMemory<byte> payload, long time = 1,
        params (ulong Incarnation, long Seq)[] seen)
    {
        var list = EntryFormat.EncodePayloads([new Payload(payload)]);
        var header = new Header
        {
            Network = "test",
            Topic = TopicId.OfPublic(SystemTopic.Trust),
            Log = log,
            Seq = seq,
            Prev = seq == 1 ? EntryId.None : new(new Hash(0, 0, 0, (ulong)seq)),
            Clock =
            [
                .. seen.Select(s => new Dependency(
                    log with { Incarnation = s.Incarnation }, s.Seq, 0)),
            ],
            Time = time,
            PayloadCount = 1,
            PayloadBytes = list.Length,
            PayloadHash = Hash.OfBytes(list),
        };
        var bytes = EntryFormat.Encode(header);
        return new(
            new(header, EntryId.Of(bytes), bytes, new byte[SignedHeader.SignatureBytes]), list);
    }

    /// <summary>The end of a log that names the author's next key.</summary>
    public static Entry Rotation(int old, int next, long seq = 1, ulong incarnation = 1)
    {
        var header = new Header
        {
            Network = "test",
            Topic = TopicId.OfPublic(SystemTopic.Trust),
            Log = Log(old, incarnation),
            Seq = seq,
            Prev = seq == 1 ? EntryId.None : new(new Hash(0, 0, 0, (ulong)seq)),
            Clock = [],
            Time = 1,
            PayloadCount = 0,
            PayloadBytes = 0,
            PayloadHash = Hash.OfBytes([]),
            IsEnd = true,
            Rotation = new(Who(next), new byte[SignedHeader.SignatureBytes]),
        };
        var bytes = EntryFormat.Encode(header);
        return new(
            new(header, EntryId.Of(bytes), bytes, new byte[SignedHeader.SignatureBytes]),
            Array.Empty<byte>());
    }

    /// <summary>A graph in which all of this was said, in this order.</summary>
    public static TrustGraph Graph(params IEnumerable<Entry> entries) =>
        Tell(new(Who(0), 65_536), entries);

    public static TrustGraph Tell(TrustGraph graph, params IEnumerable<Entry> entries)
    {
        foreach (var entry in entries)
        {
            graph.Take(entry, out _);
        }

        return graph;
    }
}
