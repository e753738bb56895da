using System.Globalization;

namespace Gossip.Simulation.Scripts;

/// <summary>Which smaller scripts are there?</summary>
internal static class Fewer
{
    /// <summary>What makes it end, and judges it, must stay.</summary>
    public static bool MayGo(string act) =>
        !act.StartsWith("run", StringComparison.Ordinal)
        && !act.StartsWith("settle", StringComparison.Ordinal)
        && !act.Contains(" start ", StringComparison.Ordinal);

    /// <summary>The same without the last node; null when two are left.</summary>
    public static Script? Nodes(Script script)
    {
        var nodes = int.Parse(
            script.Settings.First(s => s.StartsWith("nodes ", StringComparison.Ordinal))[6..],
            CultureInfo.InvariantCulture);
        return nodes <= 2
            ? null
            : new(
                [
                    .. script.Settings.Select(s =>
                        s.StartsWith("nodes ", StringComparison.Ordinal)
                            ? $"nodes {nodes - 1}"
                            : s),
                ],
                [.. script.Acts.Select(a => Without(a, nodes - 1)).OfType<string>()]);
    }

    /// <summary>Each setting left out, and each fault left quiet.</summary>
    public static IEnumerable<Func<Script, Script>> Settings(Script script)
    {
        foreach (var setting in script.Settings.Where(s => s.Split(' ')[0]
            is "page" or "queue" or "credit" or "faces" or "push" or "dials"))
        {
            yield return s => s with { Settings = s.Settings.Remove(setting) };
        }

        foreach (var setting in script.Settings
            .Where(s => s.StartsWith("faults ", StringComparison.Ordinal)))
        {
            foreach (var fault in setting.Split(' ').Skip(1))
            {
                yield return s => s with
                {
                    Settings =
                    [
                        .. s.Settings.Select(l => l.Replace(
                            $" {fault}", "", StringComparison.Ordinal)),
                    ],
                };
            }
        }
    }

    /// <summary>The act as it is in a world without this node; null when nothing is left.</summary>
    private static string? Without(string act, int node)
    {
        var words = act.Split(' ');
        var verb = words[0] == "at" ? 2 : 0;
        var name = node.ToString(CultureInfo.InvariantCulture);
        if (words[verb] is not ("part" or "bury" or "start"))
        {
            var count = words[verb] is "sever" or "cut" ? 2 : 1;
            return words[verb] is not ("run" or "settle" or "heal")
                && words.Skip(verb + 1).Take(count).Contains(name) ? null : act;
        }

        string[] left = [.. words[..(verb + 1)], .. words[(verb + 1)..].Where(w => w != name)];
        var isEmpty = left.Length == verb + 1 || left[verb + 1] == "|"
            || left.Zip(left.Skip(1)).Any(p => p is ("|", "for" or "silently" or "oneway"));
        return isEmpty ? null : string.Join(' ', left);
    }
}
