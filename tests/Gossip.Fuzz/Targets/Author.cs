using System.Security.Cryptography;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Fuzz.Targets;

/// <summary>An author with a real key, the same in every run: kept entries stay valid.</summary>
internal static class Author
{
    public const string Network = "test";

    public static readonly TopicId Topic = TopicId.OfPublic(new("orders"));

    public static readonly EcKeys Keys = new(ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = SHA256.HashData("an author of fuzzed entries"u8),
    }));

    public static readonly LogId Log = new(Keys.Self, 7, Admission.None);

    public static EntryRules Rules { get; } = new(Network, Topic, Keys);

    public static Entry Write(
        long seq, EntryId prev, IReadOnlyCollection<Payload> payloads, Random random)
    {
        var list = EntryFormat.EncodePayloads(payloads);
        return new(
            Sign(new()
            {
                Network = Network,
                Topic = Topic,
                Log = Log,
                Seq = seq,
                Prev = seq == 1 ? EntryId.None : prev,
                Clock = [],
                Time = random.Next(),
                PayloadCount = payloads.Count,
                PayloadBytes = list.Length,
                PayloadHash = Hash.OfBytes(list),
                IsEnd = payloads.Count == 0,
            }),
            list);
    }

    public static SignedHeader Sign(Header header)
    {
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        return new(header, id, bytes, Keys.Sign(id));
    }

    public static EntryId AnyId(Random random)
    {
        var bytes = new byte[Hash.Bytes];
        random.NextBytes(bytes);
        return new(Hash.Read(bytes));
    }

    public static Payload[] Payloads(Random random) =>
        [.. Enumerable.Range(0, random.Next(0, 5)).Select(_ => new Payload(
            new byte[random.Next(0, 50)],
            [.. Enumerable.Range(0, random.Next(0, 3)).Select(
                i => KeyValuePair.Create($"name-{i}", new string('ä', random.Next(9))))]))];
}
