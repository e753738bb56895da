using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Gossip.Fuzz.Loops;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Fuzz.Targets;

/// <summary>How many payloads has a list? Asked of whatever a peer sends.</summary>
internal class PayloadCountTarget() : ProtobufTarget(Proto.PayloadList.Descriptor)
{
    public override string Name => "payload-count";

    public override int BytesMax => 64 * 1024;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            yield return EntryFormat.EncodePayloads(Author.Payloads(random));
        }
    }

    public override Func<object?> Decoding(byte[] input) =>
        () => Typed(() => PayloadCodec.Count(input));

    public override string Judge(byte[] input, object? result) => result switch
    {
        FormatException { Message.Length: > 0 } => "refused",
        int and >= 0 and <= Limits.PayloadsPerEntryMax and var count =>
            $"{Math.Min(count, 3)} payloads",
        _ => throw new BrokenPromiseException("neither a count nor a reason"),
    };

    protected static object Typed<T>(Func<T> read)
    {
        try
        {
            return read()!;
        }
        catch (FormatException e)
        {
            return e;
        }
    }
}

/// <summary>What are they? Asked of entries that are stored.</summary>
internal sealed class PayloadsTarget : PayloadCountTarget
{
    public override string Name => "payloads";

    /// <summary>
    /// Beside the bytes an object for each field: who reads an entry asks for those, and its
    /// limits say how many there may be.
    /// </summary>
    public override long Allowance(byte[] input) => base.Allowance(input)
        + 32L * Math.Min(input.Length / 2, Limits.PayloadFieldsMax);

    public override Func<object?> Decoding(byte[] input) =>
        () => Typed(() => PayloadCodec.Decode(input));

    public override string Judge(byte[] input, object? result)
    {
        var counted = base.Decoding(input)();
        if (result is not System.Collections.Immutable.ImmutableArray<Payload> payloads)
        {
            return counted is FormatException
                ? base.Judge(input, result)
                : throw new BrokenPromiseException("counted, and then refused");
        }

        var again = PayloadCodec.Decode(PayloadCodec.Encode(payloads));
        return counted is int count && count == payloads.Length
            && again.Length == count
            && again.Zip(payloads).All(pair =>
                pair.First.Data.Span.SequenceEqual(pair.Second.Data.Span)
                && pair.First.Headers.SequenceEqual(pair.Second.Headers))
                ? base.Judge(input, count)
                : throw new BrokenPromiseException("payloads change when they are written again");
    }
}
