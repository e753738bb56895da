using Gossip.Actors.Protocol;
using Gossip.Fuzz.Loops;
using Gossip.Tests.Wire;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Fuzz.Targets;

/// <summary>What does an entry's header say?</summary>
internal sealed class HeaderTarget() : ProtobufTarget(Proto.Header.Descriptor)
{
    public override string Name => "header";

    public override int BytesMax => Limits.HeaderBytesMax + 100;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            yield return new Samples(random.Next()).Entry().SignedHeader.HeaderBytes.ToArray();
        }
    }

    public override Func<object?> Decoding(byte[] input) => () =>
        EntryFormat.TryDecodeHeader(input, out var header) ? header : null;

    public override string Judge(byte[] input, object? result) => result is not Header header
        ? "refused"
        : EntryFormat.TryDecodeHeader(EntryFormat.Encode(header), out var again)
            && again with { Clock = [] } == header with { Clock = [] }
            && again.Clock.SequenceEqual(header.Clock)
                ? $"a header, {(header.Clock.IsEmpty ? "without" : "with")} a clock"
                : throw new BrokenPromiseException("a header changes when it is written again");
}
