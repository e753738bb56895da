using Gossip.Simulation.Scripts;

namespace Gossip.Tests.Scenarios;

/// <summary>
/// Do the stories go as they are told? With GOSSIP_REWRITE=1 the files take what really happens;
/// commit that only if you understand what caused it.
/// </summary>
public sealed class StoryTests
{
    private const string Folder = "tests/Gossip.Tests/Scenarios/Stories";

    public static TheoryData<string> Stories => [.. SourceTree.Files
        .Where(f => f.StartsWith(Folder, StringComparison.Ordinal))
        .Select(f => Path.GetFileNameWithoutExtension(f))];

    [Theory]
    [Row("G2")]
    [MemberData(nameof(Stories))]
    public void A_story_goes_as_it_is_told(string story)
    {
        var path = Path.Combine(SourceTree.Root, Folder, $"{story}.txt");
        var told = File.ReadAllText(path);
        var played = ScenarioFile.Play(told);
        if (Environment.GetEnvironmentVariable("GOSSIP_REWRITE") == "1")
        {
            File.WriteAllText(path, played);
            return;
        }

        Assert.Equal(told, played);
    }

    [Fact]
    public void A_story_that_is_told_otherwise_is_noticed()
    {
        const string Told = "nodes 2\nstart all\nrun 1s\nstate\n----\nnothing at all\n";
        var played = ScenarioFile.Play(Told);
        Assert.NotEqual(Told, played);
        Assert.Contains("node 1: root A", played, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing at all", played, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flood 1")]
    [InlineData("crash 9")]
    [InlineData("run 5 minutes")]
    [InlineData("publish 0")]
    [InlineData("faults luck=1")]
    public void A_line_that_means_nothing_is_refused(string line)
    {
        var stage = new Stage(Gossip.Simulation.Mutation.None);
        stage.Do("nodes 2");
        Assert.Throws<ScriptException>(() => stage.Do(line));
    }
}
