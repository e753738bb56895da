using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Fuzz.Loops;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Fuzz.Targets;

/// <summary>
/// Does this prove a fork, or an end? Half of the mutated ones are signed again by the author.
/// </summary>
internal sealed class ProofTarget() : ProtobufTarget(Proto.ForkProof.Descriptor)
{
    public override string Name => "proof";

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            var seq = random.Next(1, 4);
            var first = Write(seq, random);
            var second = random.Next(3) == 0 ? first : Write(seq + random.Next(2), random);
            yield return new Proto.ForkProof { First = first, Second = second }.ToByteArray();
        }
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        var mutated = base.Mutate(input, other, random);
        try
        {
            var proof = Proto.ForkProof.Parser.ParseFrom(mutated);
            if (random.Next(2) == 0 && proof is { First: not null, Second: not null })
            {
                Sign(proof.First);
                Sign(proof.Second);
                return proof.ToByteArray();
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // It is tried as it is.
        }

        return mutated;
    }

    public override Func<object?> Decoding(byte[] input) => () => Read(input);

    public override string Judge(byte[] input, object? result) => result switch
    {
        RefusalCode code => code.ToString(),
        ForkProof proof => Proven(proof),
        _ => throw new BrokenPromiseException("a refusal without a reason"),
    };

    /// <summary>
    /// One log of one topic, two claims on the slot, or the end twice: said without the rules.
    /// </summary>
    private static string Proven(ForkProof proof)
    {
        var (one, other) = (proof.First, proof.Second);
        if (one.Header.IsEnd && one.Id == other.Id && proof.Slot == one.Header.Seq + 1)
        {
            return "an end";
        }

        var slot = proof.Slot;
        return one.Header.Log == other.Header.Log && one.Header.Topic == other.Header.Topic
            && Claims(one, slot).Concat(Claims(other, slot)).Distinct().Count() == 2
                ? "a fork"
                : throw new BrokenPromiseException($"nothing proves a fork in {slot}");
    }

    private static IEnumerable<EntryId> Claims(SignedHeader header, long? slot) =>
        header.Header.Seq == slot ? [header.Id]
        : header.Header.Seq == slot + 1 ? [header.Header.Prev]
        : [];

    private static Proto.SignedHeader Write(int seq, Random random)
    {
        var header = Author.Write(
            seq, Author.AnyId(random), Author.Payloads(random), random).SignedHeader;
        return new()
        {
            Header = ByteString.CopyFrom(header.HeaderBytes.Span),
            Signature = ByteString.CopyFrom(header.Signature.Span),
        };
    }

    private static void Sign(Proto.SignedHeader header) => header.Signature = ByteString.CopyFrom(
        Author.Keys.Sign(EntryId.Of(header.Header.Span)));

    private static object? Read(byte[] input)
    {
        var proofs = ImmutableArray.CreateBuilder<ForkProof>();
        var items = new Actors.Wire.ItemDecoder();
        items.TakeProof(input, proofs);
        return proofs.Count == 0
            ? items.Dropped is [var dropped] ? dropped.Code : null
            : Author.Rules.IsProven(proofs[0]) ? proofs[0] : RefusalCode.ProofInvalid;
    }
}
