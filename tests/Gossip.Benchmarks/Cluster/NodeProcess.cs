using System.Diagnostics;
using System.Text.Json.Nodes;
using Gossip.Benchmarks.Worker;

namespace Gossip.Benchmarks.Cluster;

/// <summary>One node in a process of its own, driven line by line.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1);

    private NodeProcess(Process process, string directory) =>
        (_process, Directory, Id) = (process, directory, process.Id);

    public int Id { get; }

    public string Directory { get; }

    public string Address { get; private set; } = "";

    /// <summary>From the launch of the process to a node that is ready.</summary>
    public double ReadySeconds { get; private set; }

    public double ReadyCpuSeconds { get; private set; }

    /// <summary>A subscriber in it counts what is published in this phase.</summary>
    public static async Task<NodeProcess> StartAsync(
        string directory, string listen, IEnumerable<string> bootstrap, int phase)
    {
        var launched = TimeProvider.System.GetTimestamp();
        var start = new ProcessStartInfo(Self.Command[0], [.. Self.Command[1..], NodeWorker.Verb])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var node = new NodeProcess(Process.Start(start)!, directory);
        try
        {
            var ready = await node.AskAsync("start", new()
            {
                ["directory"] = directory,
                ["listen"] = listen,
                ["bootstrap"] = new JsonArray([.. bootstrap.Select(b => (JsonNode)b)]),
                ["phase"] = phase,
            });
            node.Address = ready["address"]!.GetValue<string>();
            node.ReadySeconds = TimeProvider.System.GetElapsedTime(launched).TotalSeconds;
            node.ReadyCpuSeconds = Machine.CpuSeconds(node.Id);
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>One question, one answer.</summary>
    public async Task<JsonObject> AskAsync(string what, JsonObject? with = null)
    {
        await _turn.WaitAsync();
        try
        {
            var question = with ?? [];
            question["do"] = what;
            await _process.StandardInput.WriteLineAsync(question.ToJsonString());
            await _process.StandardInput.FlushAsync();
            var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Deadline)
                ?? throw new BenchmarkException($"A node process ended at '{what}'.");
            var answer = JsonNode.Parse(line)!.AsObject();
            return answer["error"] is { } error
                ? throw new BenchmarkException($"'{what}' failed: {error}")
                : answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>In order.</summary>
    public async Task StopAsync()
    {
        await AskAsync("stop");
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        _turn.Dispose();
    }
}

/// <summary>A figure could not be taken; the message says why.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
