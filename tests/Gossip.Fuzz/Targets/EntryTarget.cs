using Gossip.Actors.Protocol;
using Gossip.Fuzz.Loops;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Fuzz.Targets;

/// <summary>
/// Is this an entry at all? Read and judged as a node does, the signature last. Half of the mutated
/// ones are signed again by their author: an author may be hostile, too.
/// </summary>
internal sealed class EntryTarget() : ProtobufTarget(Proto.Entry.Descriptor)
{
    public override string Name => "entry";

    public override int BytesMax => 64 * 1024;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            var entry = Author.Write(
                random.Next(1, 4), Author.AnyId(random), Author.Payloads(random), random);
            yield return new Proto.Entry
            {
                Header = ByteString.CopyFrom(entry.SignedHeader.HeaderBytes.Span),
                Signature = ByteString.CopyFrom(entry.SignedHeader.Signature.Span),
                Payloads = ByteString.CopyFrom(entry.PayloadList.Span),
            }.ToByteArray();
        }
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        var mutated = base.Mutate(input, other, random);
        return random.Next(2) == 0 ? SignedAgain(mutated, random) : mutated;
    }

    public override Func<object?> Decoding(byte[] input) => () => Read(input);

    public override string Judge(byte[] input, object? result) => result switch
    {
        RefusalCode code => code.ToString(),
        "unsigned" => "SignatureInvalid",
        Entry entry => Accepted(entry),
        _ => throw new BrokenPromiseException("a refusal without a reason"),
    };

    /// <summary>Asked of the BCL: it knows nothing of our rules.</summary>
    private static string Accepted(Entry entry)
    {
        var header = entry.Header;
        var payloads = EntryFormat.DecodePayloads(entry.PayloadList);
        return header.Network == Author.Network && header.Topic == Author.Topic
            && header.PayloadHash == Hash.OfBytes(entry.PayloadList.Span)
            && header.PayloadCount == payloads.Length
            && entry.Id == EntryId.Of(entry.SignedHeader.HeaderBytes.Span)
                ? header.IsEnd ? "an end" : "an entry"
                : throw new BrokenPromiseException("accepted, though it is no entry");
    }

    private static byte[] SignedAgain(byte[] bytes, Random random)
    {
        try
        {
            var entry = Proto.Entry.Parser.ParseFrom(bytes);
            var header = Proto.Header.Parser.ParseFrom(entry.Header);
            header.PayloadHash = EntryFormat.ToBytes(Hash.OfBytes(entry.Payloads.Span));
            header.PayloadBytes = (uint)entry.Payloads.Length;
            header.PayloadCount = random.Next(4) == 0 ? header.PayloadCount : Count(entry);
            entry.Header = header.ToByteString();
            entry.Signature = ByteString.CopyFrom(
                Author.Keys.Sign(EntryId.Of(entry.Header.Span)));
            return entry.ToByteArray();
        }
        catch (InvalidProtocolBufferException)
        {
            return bytes;
        }
    }

    private static uint Count(Proto.Entry entry)
    {
        try
        {
            return (uint)Actors.Wire.PayloadCodec.Count(entry.Payloads.Memory);
        }
        catch (FormatException)
        {
            return 1;
        }
    }

    private static object? Read(byte[] input)
    {
        var entries = System.Collections.Immutable.ImmutableArray.CreateBuilder<Entry>();
        var items = new Actors.Wire.ItemDecoder();
        items.TakeEntry(input, entries);
        return entries.Count == 0
            ? items.Dropped is [var dropped] ? dropped.Code : null
            : Author.Rules.RefusalOf(entries[0]) is { } refusal
                ? refusal.Detail.Length > 0 ? refusal.Code : null
                : Author.Rules.IsSigned(entries[0].SignedHeader) ? entries[0] : "unsigned";
    }
}
