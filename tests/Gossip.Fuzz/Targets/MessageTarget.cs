using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Gossip.Fuzz.Loops;
using Gossip.Tests.Wire;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Fuzz.Targets;

/// <summary>What does a frame say, after the hello or before it?</summary>
internal sealed class MessageTarget(bool isBeforeHello) : ProtobufTarget(Proto.Frame.Descriptor)
{
    private readonly TopicNames? _names = isBeforeHello ? null : Tests.Wire.Samples.Names();

    public override string Name => isBeforeHello ? "message-before-hello" : "message";

    public override int BytesMax => 64 * 1024;

    /// <summary>Of a compressed frame what it says it opens to: its sender pays for that.</summary>
    public override long Allowance(byte[] input) =>
        4L * CompressedFrame.SizeOf(input) + input.Length + 64 * 1024;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        var names = Tests.Wire.Samples.Names();
        while (true)
        {
            var samples = new Samples(random.Next());
            foreach (var message in samples.OfEveryKind())
            {
                yield return MessageCodec.Encode(message, names);
            }

            yield return CompressedFrame.Of(MessageCodec.Encode(
                new GossipMessage.Heads(
                    Tests.Wire.Samples.Topic,
                    [.. Enumerable.Repeat(samples.Row(), random.Next(20, 60))]),
                names));
        }
    }

    /// <summary>Half of the compressed ones inside, and compressed again.</summary>
    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        CompressedFrame.IsOne(input) && random.Next(2) == 0
            ? CompressedFrame.Of(base.Mutate(Opened(input), other, random))
            : base.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input) => () =>
        MessageCodec.Decode(input, _names, Tests.Wire.Samples.Sizes);

    public override string Judge(byte[] input, object? result)
    {
        switch (result)
        {
            case DecodeResult.Read read:
                ThrowUnlessSame(read.Message);
                return read.Message.GetType().Name + (read.Dropped.IsEmpty ? "" : ", in part");
            case DecodeResult.Refused { Refusal: var refusal }:
                return refusal.Detail.Length > 0
                    ? refusal.Code.ToString()
                    : throw new BrokenPromiseException("a refusal without a reason");
            default:
                throw new BrokenPromiseException("neither read nor refused");
        }
    }

    private byte[] Opened(byte[] frame)
    {
        try
        {
            return CompressedFrame.Open(frame, BytesMax).ToArray();
        }
        catch (FormatException)
        {
            return frame;
        }
    }

    /// <summary>What was read can be sent on, and says the same there.</summary>
    private void ThrowUnlessSame(GossipMessage message)
    {
        var sent = MessageCodec.Encode(message, _names);
        if (MessageCodec.Decode(sent, _names, Tests.Wire.Samples.Sizes)
                is not DecodeResult.Read { Dropped.IsEmpty: true } again
            || !MessageCodec.Encode(again.Message, _names).AsSpan().SequenceEqual(sent))
        {
            throw new BrokenPromiseException($"{message.GetType().Name} changes when sent on");
        }
    }
}
