using System.Text.RegularExpressions;
using Gossip.Simulation.Scenarios;

namespace Gossip.Simulation.Scripts;

/// <summary>What is left of a script that fails, and how it fails.</summary>
public sealed record Shrunk(Script Script, string Failure, int Tries);

/// <summary>
/// What does it take to fail? Leaves out nodes, faults and acts as long as the script still breaks
/// the same rule.
/// Source: Zeller, Hildebrandt 2002, delta debugging (ddmin), over lines.
/// </summary>
public sealed partial class Shrinker(Mutation mutation, Action<string> progress, int triesMax = 600)
{
    private int _tries;
    private string _rule = "";

    /// <summary>Null when the script does not fail.</summary>
    public Shrunk? Shrink(Script script)
    {
        if (FailureOf(script) is not { } failure)
        {
            return null;
        }

        _rule = RuleOf(failure);
        progress($"{script.Acts.Length} acts, fails: {_rule}");
        for (var before = -1; before != Size(script) && _tries < triesMax;)
        {
            before = Size(script);
            script = WithoutNodes(script);
            script = WithoutFaults(script);
            script = WithoutActs(script);
            progress($"{script.Acts.Length} acts after {_tries} tries");
        }

        return new(script, FailureOf(script) ?? failure, _tries);
    }

    private static int Size(Script script) => script.Lines.Sum(line => line.Length);

    private Script WithoutNodes(Script script)
    {
        while (Fewer.Nodes(script) is { } fewer && IsSame(fewer))
        {
            script = fewer;
        }

        return script;
    }

    private Script WithoutFaults(Script script)
    {
        foreach (var fewer in Fewer.Settings(script))
        {
            var candidate = fewer(script);
            script = candidate != script && IsSame(candidate) ? candidate : script;
        }

        return script;
    }

    /// <summary>Halves first, then ever smaller parts, down to single lines.</summary>
    private Script WithoutActs(Script script)
    {
        for (var size = script.Acts.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at < script.Acts.Length;)
            {
                var part = script.Acts.Skip(at).Take(size).Where(Fewer.MayGo).ToArray();
                var candidate = script with { Acts = script.Acts.RemoveRange(part) };
                if (part.Length > 0 && IsSame(candidate))
                {
                    script = candidate;
                }
                else
                {
                    at += size;
                }
            }
        }

        return script;
    }

    private bool IsSame(Script script) =>
        _tries < triesMax && FailureOf(script) is { } failure && RuleOf(failure) == _rule;

    private string? FailureOf(Script script)
    {
        _tries++;
        return Scenario.FailureOf(() => script.Play(mutation));
    }

    /// <summary>The words of a failure, without the numbers and names of this run.</summary>
    private static string RuleOf(string failure) =>
        Names().Replace(failure.Split('\n', ':')[0], "_");

    [GeneratedRegex(@"\S*[0-9]\S*")]
    private static partial Regex Names();
}
