using System.Collections.Immutable;
using Akka.Actor;

namespace Gossip.Akka.Remoting;

/// <summary>
/// What did this actor system refuse, and how often? An extension, since serializers refuse too,
/// and know nothing but their system.
/// </summary>
public sealed class LineRefusals : IExtension
{
    private readonly long[] _counts = new long[Enum.GetValues<LineRefusal>().Length];

    public ImmutableDictionary<LineRefusal, long> Counts =>
        Enum.GetValues<LineRefusal>().ToImmutableDictionary(why => why, Count);

    public static LineRefusals Of(ActorSystem system) =>
        system.WithExtension<LineRefusals, Provider>();

    public long Count(LineRefusal why) => Interlocked.Read(ref _counts[(int)why]);

    internal void Add(LineRefusal why) => Interlocked.Increment(ref _counts[(int)why]);

    private sealed class Provider : ExtensionIdProvider<LineRefusals>
    {
        public override LineRefusals CreateExtension(ExtendedActorSystem system) => new();
    }
}
