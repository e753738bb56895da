using Gossip.Host.Commands;
using Gossip.Tests;

namespace Gossip.Host.Tests.Commands;

/// <summary>Does the program understand every command that the README shows?</summary>
public sealed class ReadmeTests
{
    private static readonly string[] Starts =
        ["gossip ", "dotnet run --project src/Gossip.Host -- "];

    [Fact]
    [Row("F12")]
    public void Every_command_of_the_readme_is_understood()
    {
        var commands = Commands(SourceTree.Read("README.md")).ToArray();
        Assert.True(commands.Length >= 8, $"only {commands.Length} commands found");
        Assert.All(commands, c => Assert.Empty(GossipCommand.Create().Parse(c).Errors));
    }

    /// <summary>Inside code fences: what follows the program's name, without comments.</summary>
    private static IEnumerable<string> Commands(string readme) =>
        from block in readme.Split("```").Where((_, i) => i % 2 == 1)
        from line in block.Split('\n')
        from part in line.Split('#')[0].Split('|')
        let command = part.Trim()
        from start in Starts
        where command.StartsWith(start, StringComparison.Ordinal)
        select command[start.Length..].Trim();
}
