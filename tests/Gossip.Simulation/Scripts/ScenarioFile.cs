using System.Text;
using Gossip.Simulation.Scenarios;

namespace Gossip.Simulation.Scripts;

/// <summary>
/// A story with its expected trace: blocks of lines to do, and under "----" what must be told,
/// up to a blank line.
/// Source: the interaction tests of etcd's raft.
/// </summary>
public static class ScenarioFile
{
    private const string Rule = "----";

    /// <summary>
    /// The same file with what is really told; equal to the file when it is as expected.
    /// </summary>
    public static string Play(string text)
    {
        var stage = new Stage(Mutation.None);
        var played = new StringBuilder();
        var isExpected = false;
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (isExpected)
            {
                isExpected = line.Length > 0;
                if (isExpected)
                {
                    continue;
                }
            }

            played.Append(line).Append('\n');
            if (line == Rule)
            {
                isExpected = true;
                played.Append(stage.TakeTale());
            }
            else if (Script.Plain(line) is { Length: > 0 } act)
            {
                Do(stage, act);
            }
        }

        return played.ToString();
    }

    private static void Do(Stage stage, string act)
    {
        if (Scenario.FailureOf(() => stage.Do(act)) is { } failure)
        {
            stage.Say(failure.Split('\n')[0]);
        }
    }
}
