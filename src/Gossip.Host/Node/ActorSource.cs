using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Node;

/// <summary>
/// Which class of which assembly is given a topic's entries, and under what name it is known there?
/// </summary>
internal sealed record ActorSource(TopicName Topic, string Assembly, string Type, string Name)
{
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

    /// <summary>All of them, or every reason at once.</summary>
    public static (ImmutableArray<ActorSource> Sources, ImmutableArray<string> Reasons) ParseAll(
        IEnumerable<string> texts)
    {
        var sources = ImmutableArray.CreateBuilder<ActorSource>();
        var reasons = ImmutableArray.CreateBuilder<string>();
        foreach (var text in texts)
        {
            if (Parse(text, out var reason) is not { } source)
            {
                reasons.Add(reason);
            }
            else if (sources.Any(s => s.Topic == source.Topic && s.Name == source.Name))
            {
                reasons.Add($"Actor '{text}': topic '{source.Topic}' has an actor "
                    + $"'{source.Name}' already; give this one another name with @NAME.");
            }
            else
            {
                sources.Add(source);
            }
        }

        return (sources.DrainToImmutable(), reasons.DrainToImmutable());
    }
}
