using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Gossip.Akka.Remoting;

/// <summary>
/// What is made of a message whose sender names its type? Nothing. Stands in for serializers that
/// would make it: a peer chooses the serializer by its number, whatever is bound to it here.
/// </summary>
internal abstract class RefusingSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system)
{
    private readonly LineRefusals _refusals = LineRefusals.Of(system);

    /// <summary>A string, so that not even the type it names is looked for.</summary>
    public override string Manifest(object o) => "";

    public override byte[] ToBinary(object obj) => throw new SerializationException(
        $"{obj.GetType()} is not sent: no serializer is bound to it, and none that names types to "
        + "the other side is used here. Bind one in akka.actor.serialization-bindings.");

    public override object FromBinary(byte[] bytes, string manifest)
    {
        _refusals.Add(LineRefusal.Polymorphic);
        throw new SerializationException("A polymorphic message is not read.");
    }

    /// <summary>In place of Newtonsoft.Json, which follows $type.</summary>
    internal sealed class Json : RefusingSerializer
    {
        /// <summary>Akka's reference has settings for json, and hands them on.</summary>
        public Json(ExtendedActorSystem system, Config settings)
            : base(system) => ArgumentNullException.ThrowIfNull(settings);

        public override int Identifier => 1;
    }

    /// <summary>
    /// In place of Akka's own for Protobuf messages of users: it makes an instance of any type that
    /// the manifest names before it looks whether it is a Protobuf message at all.
    /// </summary>
    internal sealed class Proto(ExtendedActorSystem system) : RefusingSerializer(system)
    {
        public override int Identifier => 2;
    }

    /// <summary>In place of remote deployment: any actor type, with any arguments.</summary>
    internal sealed class Daemon(ExtendedActorSystem system) : RefusingSerializer(system)
    {
        public override int Identifier => 3;
    }

    /// <summary>
    /// In place of the messages that actors supervise each other with: untrusted-mode drops
    /// Terminate alone, and a peer that may suspend or restart any actor here can halt the node.
    /// </summary>
    internal sealed class Supervision(ExtendedActorSystem system) : RefusingSerializer(system)
    {
        public override int Identifier => 22;
    }
}
