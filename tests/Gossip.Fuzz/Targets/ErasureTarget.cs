using Gossip.Actors.Protocol;
using Gossip.Fuzz.Loops;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Fuzz.Targets;

/// <summary>
/// Which entries does an entry erase? And, of the same bytes where payloads stood, does that say
/// that they were erased? The first byte of an input decides which of the two is asked.
/// </summary>
internal sealed class ErasureTarget() : ProtobufTarget(Proto.Erasures.Descriptor)
{
    private const byte Form = 0;
    private const byte Carried = 1;

    private static readonly SignedHeader Header = Author.Sign(new()
    {
        Network = Author.Network,
        Topic = Author.Topic,
        Log = Author.Log,
        Seq = 1,
        Prev = EntryId.None,
        Clock = [],
        Time = 1,
        PayloadCount = 1,
        PayloadBytes = 0,
        PayloadHash = default,
        Erases = true,
    });

    public override string Name => "erasure";

    public override int BytesMax => 64 * 1024;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            yield return [Form, .. Sign(Header.Header.Dot, Header.Id).ToForm()];
            var erasure = Sign(new(Author.Log, random.Next(1, 9)), Author.AnyId(random));
            yield return [Carried, .. erasure.Encode()];
            var several = Proto.Erasures.Parser.ParseFrom(erasure.Encode());
            several.Erasures_.Add(Proto.Erasures.Parser.ParseFrom(
                Sign(new(Author.Log, 1), Author.AnyId(random)).Encode()).Erasures_);
            yield return [Carried, .. several.ToByteArray()];
        }
    }

    /// <summary>What follows the first byte is protobuf, or has the length that a form has.
    /// </summary>
    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        input is [Carried, .. var message]
            ? [Carried, .. base.Mutate(message, Rest(other), random)]
            : Inputs.Havoc.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input)
    {
        var isForm = input.FirstOrDefault() == Form;
        var rest = Rest(input);
        var entry = Entry(isForm ? rest : EntryFormat.EncodePayloads([new Payload(rest)]));
        return () => isForm ? Erasure.Of(entry) : Erasure.In(entry);
    }

    public override string Judge(byte[] input, object? result)
    {
        switch (result)
        {
            case null:
                return "payloads";
            case Erasure erasure:
                // No hash covers what stands in an erased entry: it must have one spelling.
                return erasure.ToForm().AsSpan().SequenceEqual(Rest(input))
                    ? Author.Rules.IsSigned(erasure) ? "a form" : "an unsigned form"
                    : throw new BrokenPromiseException("a form changes when it is written again");
            case IReadOnlyList<Erasure> erasures:
                return erasures.All(IsKept)
                    ? $"{Math.Min(erasures.Count, 3)} erasures"
                    : throw new BrokenPromiseException("an erasure changes when written again");
            default:
                throw new BrokenPromiseException("neither erasures nor none");
        }
    }

    /// <summary>The store keeps the statement, and a restart asks the same of it.</summary>
    private static bool IsKept(Erasure erasure) =>
        Erasure.In(Entry(EntryFormat.EncodePayloads([new Payload(erasure.Encode())])))
            is [var again] && again.Equals(erasure);

    private static byte[] Rest(byte[] input) => input.Length == 0 ? [] : input[1..];

    /// <summary>What stands in it is read before any hash and any signature.</summary>
    private static Entry Entry(byte[] list) => new(Header, list);

    private static Erasure Sign(Dot dot, EntryId id) => new(
        dot, id, Author.Keys.Self, Author.Keys.Sign(Erasure.StatementOf(id)));
}
