using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Gossip.Akka.Persistence;

/// <summary>
/// How do events become bytes, and back? Two protobuf messages, each under a manifest of its own;
/// no type's name is stored, and nothing but these two is ever made from stored bytes.
/// </summary>
internal sealed class JournalSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system)
{
    public const string Commit = "commit/1";
    public const string Facts = "facts/1";

    /// <summary>It stands beside every stored event, so it never changes.</summary>
    public const int Id = 71_306;

    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        Proto.Commit => Commit,
        Proto.Facts => Facts,
        _ => throw new ArgumentException($"{o.GetType()} is no event of the journal.", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => obj is IMessage message
        ? message.ToByteArray()
        : throw new ArgumentException($"{obj.GetType()} is no event.", nameof(obj));

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        Commit => Proto.Commit.Parser.ParseFrom(bytes),
        Facts => Proto.Facts.Parser.ParseFrom(bytes),
        _ => throw JournalErrors.Newer(manifest),
    };
}
