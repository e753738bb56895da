using System.Collections.Immutable;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;

namespace Gossip.Tests.Wire;

/// <summary>
/// Messages of every kind, from a seed. Signatures are random: the codec checks none.
/// </summary>
internal sealed class Samples(int seed)
{
    public static readonly GossipSizes Sizes = new();
    public static readonly TopicId Topic = TopicId.OfPublic(new("orders"));

    private readonly Random _random = new(seed);

    public static TopicNames Names()
    {
        var names = new TopicNames(new(1), new(2));
        names.Learn(Topic);
        return names;
    }

    public IEnumerable<GossipMessage> OfEveryKind() =>
    [
        new GossipMessage.Hello(
            1, "netz-ä", Did(), Number(), new(Prefix()), "127.0.0.1:7700", 2 << 20),
        new GossipMessage.Goodbye(GoodbyeCode.Duplicate, "one connection is enough"),
        new GossipMessage.Ping(Number()),
        new GossipMessage.Pong(Number()),
        new GossipMessage.Subscribe(new(AnyHash())),
        new GossipMessage.Unsubscribe(new(AnyHash())),
        new GossipMessage.Announcement(Topic, Many(Entry), Many(Proof)),
        new GossipMessage.PullRequest(Topic, _random.Next(), Many(Want)),
        new GossipMessage.PullResponse(
            Topic, _random.Next(), Many(Entry), Many(() => Entry().SignedHeader), Many(Proof)),
        new GossipMessage.Heads(Topic, Many(Row)),
        new GossipMessage.AntiEntropy(
            _random.Next(), Coin(), (RoundStep)_random.Next(1, 5), AnyHash(), Many(Digest)),
    ];

    public Entry Entry() => Entry(_random.Next(1, 50), _random.Next(0, 200));

    public Entry Entry(long seq, int payloadBytes)
    {
        var payloads = EntryFormat.EncodePayloads([new(Bytes(payloadBytes))]);
        var header = new Header
        {
            Network = "test",
            Topic = Topic,
            Log = Log(),
            Seq = seq,
            Prev = seq == 1 ? EntryId.None : new(AnyHash()),
            Clock = Many(() => new Dependency(Log(), _random.Next(1, 99), Prefix())),
            Time = _random.Next(),
            PayloadCount = 1,
            PayloadBytes = payloads.Length,
            PayloadHash = Hash.OfBytes(payloads),
        };
        var bytes = EntryFormat.Encode(header);
        return new(new(header, EntryId.Of(bytes), bytes, Bytes(64)), payloads);
    }

    public Row Row()
    {
        var floor = _random.Next(1, 5);
        var head = floor - 1 + _random.Next(0, 9);
        var holdings = new Holdings(floor, head, Ranges(head + 2));
        return new(
            Log(), holdings, head < floor ? 0 : Prefix(), Coin() ? null : head + 1, Prefix());
    }

    public LogId Log() => new(
        Did(), Number(), Coin() ? Admission.None : new(_random.Next(1, 9), new(AnyHash())));

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private ForkProof Proof() => new(Entry().SignedHeader, Entry().SignedHeader);

    private Want Want() => new(
        Log(), Ranges(1), Many(() => _random.NextInt64(1, Dot.SeqMax)), Coin());

    private TopicDigest Digest() => new(Topic, AnyHash(), Coin(), Coin(), Many(Row));

    private IntervalSet Ranges(long from) => IntervalSet.Of(Many(() =>
    {
        var first = from + _random.Next(0, 1000);
        return new SeqRange(first, first + _random.Next(0, 30));
    }));

    private Did Did() => Actors.Protocol.Did.FromKey([(byte)(2 + _random.Next(2)), .. Bytes(32)]);

    private Hash AnyHash() => Hash.Read(Bytes(32));

    private UInt128 Prefix() => AnyHash().Prefix;

    private ulong Number() => (ulong)_random.NextInt64();

    private bool Coin() => _random.Next(2) == 0;

    private ImmutableArray<T> Many<T>(Func<T> make) =>
        [.. Enumerable.Range(0, _random.Next(0, 4)).Select(_ => make())];
}
