using Gossip.Fuzz.Inputs;
using Google.Protobuf.Reflection;

namespace Gossip.Fuzz.Targets;

/// <summary>A decoder of protobuf: its inputs are mutated field by field.</summary>
internal abstract class ProtobufTarget(MessageDescriptor type) : Target
{
    private readonly TreeMutator _mutator = new(new ProtobufGrammar(type));

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        _mutator.Mutate(input, other, random);
}
