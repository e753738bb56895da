using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote.Serialization;
using Akka.Serialization;

namespace Gossip.Akka.Remoting;

/// <summary>
/// Which of Akka's own small messages are read? Those with which systems find actors and see that
/// they live. In place of the serializer that also reads failures, routers and configurations: of a
/// failure, it calls the constructor of whatever type the peer names.
/// </summary>
internal sealed class NarrowSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system)
{
    /// <summary>Identify and its answer, an actor's path, heartbeats and their answers.</summary>
    private static readonly FrozenSet<string> Read =
        new[] { "ID", "AID", "AR", "RWHB", "RWHR" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly MiscMessageSerializer _wide = new(system);
    private readonly LineRefusals _refusals = LineRefusals.Of(system);

    public override int Identifier => 16;

    public override string Manifest(object o) => _wide.Manifest(o);

    public override byte[] ToBinary(object obj) => _wide.ToBinary(obj);

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (Read.Contains(manifest))
        {
            return _wide.FromBinary(bytes, manifest);
        }

        _refusals.Add(LineRefusal.Polymorphic);
        throw new SerializationException($"A message of the kind '{manifest}' is not read.");
    }
}
