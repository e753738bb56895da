using Gossip.Actors.Protocol;

namespace Gossip.Host.Node;

/// <summary>
/// Which class of which assembly is given a topic's entries, and under what name it is known there?
/// </summary>
internal sealed record ActorSource(TopicName Topic, string Assembly, string Type, string Name)
{
    public override string ToString() => $"{Topic}={Assembly}:{Type}@{Name}";

    public const string Form = "TOPIC=ASSEMBLY.dll:Namespace.Type[@NAME]";

    /// <summary>
    /// Null and a reason when the text has not this <see cref="Form"/>. A path may hold the marks
    /// too, so the first = and the last : and @ count. Without a name it is the type's.
    /// </summary>
    public static ActorSource? Parse(string text, out string reason)
    {
        reason = $"Actor '{text}': expected {Form}, for example "
            + "news=bin/Words.dll:Words.WordCount@words.";
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var colon = text.LastIndexOf(':');
        if (equals < 0 || colon < equals)
        {
            return null;
        }

        var topic = text[..equals];
        if (TopicName.Refusal(topic) is { } refusal)
        {
            reason = $"Actor '{text}': {refusal}";
            return null;
        }

        var assembly = text[(equals + 1)..colon];
        var at = text.IndexOf('@', colon);
        var type = at < 0 ? text[(colon + 1)..] : text[(colon + 1)..at];
        var name = at < 0 ? type[(type.LastIndexOfAny(['.', '+']) + 1)..] : text[(at + 1)..];
        return assembly.Length > 0 && type.Length > 0 && name.Length > 0
            ? new(new(topic), assembly, type, name)
            : null;
    }

    /// <summary>Why these cannot run together; null when they can.</summary>
    public static string? NameTwice(IEnumerable<ActorSource> sources) => sources
        .GroupBy(s => (s.Topic, s.Name))
        .Where(same => same.Count() > 1)
        .Select(same => $"Actor '{same.Last()}': topic '{same.Key.Topic}' has an actor "
            + $"'{same.Key.Name}' already; give this one another name with @NAME.")
        .FirstOrDefault();
}
