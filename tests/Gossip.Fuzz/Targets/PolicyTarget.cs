using Gossip.Actors.Protocol;
using Gossip.Fuzz.Loops;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Fuzz.Targets;

/// <summary>What does an entry of a policy log change?</summary>
internal sealed class PolicyTarget() : ProtobufTarget(Proto.PolicyChange.Descriptor)
{
    public override string Name => "policy";

    public override IEnumerable<byte[]> Samples(Random random)
    {
        var author = Author.Keys.Self;
        var terms = new PolicyTerms();
        PolicyChange[] changes =
        [
            new PolicyChange.Founding("orders", terms, 0),
            new PolicyChange.NewTerms(terms),
            new PolicyChange.Invitation(author, true, 7, "localhost:7780"),
            new PolicyChange.Appointment(author, PolicyRole.Delegate),
            new PolicyChange.Revocation(
                author,
                [Admission.None, new(3, Author.AnyId(random))],
                [new LastSlot(Author.Log, 5)]),
        ];
        return changes.Select(PolicyFormat.Encode);
    }

    public override Func<object?> Decoding(byte[] input) =>
        () => PolicyFormat.TryDecode(input, out var change) ? change : null;

    public override string Judge(byte[] input, object? result) => result is not PolicyChange change
        ? "refused"
        : PolicyFormat.Encode(change) is var written
            && PolicyFormat.TryDecode(written, out var again)
            && PolicyFormat.Encode(again).AsSpan().SequenceEqual(written)
                ? change.GetType().Name
                : throw new BrokenPromiseException("a change of policy changes when written again");
}
