using System.Text.Json;

namespace Gossip.Host.Tests.Node;

/// <summary>Is the program's runtime tuned as NodeRuntime.props says?</summary>
public sealed class RuntimeSettingsTests
{
    /// <summary>
    /// The Web SDK's default is the server's collector, and a misspelt key is none.
    /// </summary>
    [Theory]
    [InlineData("System.GC.Server", "false")]
    [InlineData("System.GC.Concurrent", "false")]
    [InlineData("System.GC.LOHThreshold", "2097152")]
    [InlineData("System.GC.Gen0MaxBudget", "33554432")]
    [InlineData("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit", "0")]
    public void A_node_shares_its_machine(string key, string expected)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "gossip.runtimeconfig.json")));
        Assert.Equal(expected, config.RootElement.GetProperty("runtimeOptions")
            .GetProperty("configProperties").GetProperty(key).GetRawText());
    }
}
