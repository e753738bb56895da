using System.Collections.Immutable;

namespace Gossip.Simulation.Scripts;

/// <summary>
/// What happens in a simulated world? Settings first, then acts, one a line; an act "at" a time
/// waits for it. The same words stand in scenario files, in what a seed draws, and in what is left
/// of a failing schedule after shrinking.
/// </summary>
public sealed record Script(ImmutableArray<string> Settings, ImmutableArray<string> Acts)
{
    public IEnumerable<string> Lines => [.. Settings, .. Acts];

    public static Script Parse(IEnumerable<string> lines)
    {
        var plain = lines.Select(Plain).Where(l => l.Length > 0).ToArray();
        var settings = plain.TakeWhile(l => new Setting().TryRead(new(l))).ToImmutableArray();
        return new(settings, [.. plain.Skip(settings.Length)]);
    }

    /// <summary>Plays all of it in one go.</summary>
    public Stage Play(Mutation? mutation = null)
    {
        var stage = new Stage(mutation ?? Mutation.None);
        foreach (var line in Lines)
        {
            stage.Do(line);
        }

        return stage;
    }

    /// <summary>Without comments and blanks around.</summary>
    public static string Plain(string line)
    {
        var comment = line.IndexOf('#', StringComparison.Ordinal);
        return (comment < 0 ? line : line[..comment]).Trim();
    }
}
