using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Google.Protobuf;

namespace Gossip.Akka.Persistence;

/// <summary>How is what a node remembers for itself spelled as facts?</summary>
internal static class FactFormat
{
    public static Proto.Fact Of(TopicRef topic) => new()
    {
        Key = $"topic/{topic.Name}",
        Topic = new() { Id = EntryFormat.ToBytes(topic.Id.Hash), Name = topic.Name.Value },
    };

    public static Proto.Fact Of(Exclusion exclusion)
    {
        var fact = Gone(exclusion.Did, exclusion.Kind);
        fact.Exclusion = new()
        {
            Did = ByteString.CopyFrom(exclusion.Did.Key),
            Kind = (uint)exclusion.Kind,
            Reason = exclusion.Reason,
            Since = exclusion.Since,
        };
        if (exclusion.Until is { } until)
        {
            fact.Exclusion.Until = until;
        }

        return fact;
    }

    public static Proto.Fact Of(ReaderRecord reader)
    {
        var fact = Gone(reader.Kind, reader.Name);
        fact.Reader = new()
        {
            Kind = (uint)reader.Kind,
            Name = reader.Name,
            Position = reader.Position,
            TakenBack = reader.TakenBack,
            Skipped = { reader.Skipped },
        };
        if (reader.Snapshot is { } snapshot)
        {
            // The actor that it is of may write on in its buffer.
            fact.Reader.Snapshot = ByteString.CopyFrom(snapshot.Span);
        }

        return fact;
    }

    public static Proto.Fact Gone(Did did, ExclusionKind kind) =>
        new() { Key = $"exclusion/{did}/{(int)kind}" };

    public static Proto.Fact Gone(ReaderKind kind, string name) =>
        new() { Key = $"reader/{(int)kind}/{name}" };

    public static TopicRef Read(Proto.Topic topic) =>
        new(new TopicId(Hash.Read(topic.Id.Span)), new(topic.Name));

    public static Exclusion Read(Proto.Exclusion exclusion) => new(
        Did.FromKey(exclusion.Did.Span),
        (ExclusionKind)exclusion.Kind,
        exclusion.Reason,
        exclusion.Since,
        exclusion.HasUntil ? exclusion.Until : null);

    public static ReaderRecord Read(Proto.Reader reader) =>
        new((ReaderKind)reader.Kind, reader.Name, reader.Position)
        {
            TakenBack = reader.TakenBack,
            Skipped = [.. reader.Skipped],
            Snapshot = reader.HasSnapshot
                ? reader.Snapshot.Memory
                : (ReadOnlyMemory<byte>?)null,
        };
}
