using Gossip.Actors.Trust;
using Gossip.Fuzz.Loops;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Fuzz.Targets;

/// <summary>Whom does an author trust, and how much?</summary>
internal sealed class AttestationTarget() : ProtobufTarget(Proto.Attestation.Descriptor)
{
    public override string Name => "attestation";

    public override int BytesMax => 2 * Attestation.BytesMax;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            yield return new Attestation(
                Author.Keys.Self,
                Weight.OfMillionths(random.Next(Weight.One + 1)),
                new string('ä', random.Next(64))).Encode();
        }
    }

    public override Func<object?> Decoding(byte[] input) => () =>
        Attestation.TryDecode(input, out var attestation, out var reason) ? attestation : reason;

    public override string Judge(byte[] input, object? result) => result switch
    {
        string { Length: > 0 } => "refused",
        Attestation attestation => Attestation.TryDecode(attestation.Encode(), out var again, out _)
            && again == attestation
                ? "an attestation"
                : throw new BrokenPromiseException("an attestation changes when written again"),
        _ => throw new BrokenPromiseException("refused without a reason"),
    };
}
