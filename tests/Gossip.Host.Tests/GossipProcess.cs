using System.Diagnostics;
using System.Text.Json;

namespace Gossip.Host.Tests;

/// <summary>The real executable in its own process, as a user starts it.</summary>
internal sealed class GossipProcess : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private Task _log = Task.CompletedTask;

    private GossipProcess(Process process) => _process = process;

    public string Api { get; private set; } = "";

    public string Did { get; private set; } = "";

    /// <summary>Where peers dial it.</summary>
    public string Listen { get; private set; } = "";

    public static GossipProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "gossip.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new(Process.Start(start)!);
    }

    /// <summary>A node on any free ports, once it is ready.</summary>
    public static Task<GossipProcess> StartNodeAsync(string data, params string[] more) =>
        StartReadyAsync(
        [
            "seed", "--json", "--data", data, "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0",
            .. more,
        ]);

    /// <summary>A node by its whole command line, with --json, once it is ready.</summary>
    public static Task<GossipProcess> StartReadyAsync(params string[] arguments) =>
        StartReadyAsync(TextWriter.Null, arguments);

    /// <summary>As above; what it logs goes to the writer, which outlives it.</summary>
    public static async Task<GossipProcess> StartReadyAsync(
        TextWriter log, params string[] arguments)
    {
        var node = Start(arguments);
        var errors = node.LogAsync(log);
        node._log = errors;
        var line = await node._process.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
        using var ready = JsonDocument.Parse(line ?? throw new InvalidOperationException(
            $"The node ended before it was ready: {await errors}"));
        node.Api = ready.RootElement.GetProperty("api").GetString()!;
        node.Did = ready.RootElement.GetProperty("did").GetString()!;
        node.Listen = ready.RootElement.GetProperty("listen").GetString()!;
        return node;
    }

    /// <summary>Gives the last lines.</summary>
    private async Task<string> LogAsync(TextWriter log)
    {
        var last = new Queue<string>();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            last.Enqueue(line);
            if (last.Count > 50)
            {
                last.Dequeue();
            }
        }

        return string.Join('\n', last);
    }

    /// <summary>Runs to the end.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(
        params string[] arguments) => RunAsync("", arguments);

    public static async Task<(int Code, string Output, string Error)> RunAsync(
        string input, string[] arguments)
    {
        using var run = Start(arguments);
        await run._process.StandardInput.WriteAsync(input);
        run._process.StandardInput.Close();
        var output = run._process.StandardOutput.ReadToEndAsync();
        var error = run._process.StandardError.ReadToEndAsync();
        await run._process.WaitForExitAsync().WaitAsync(Deadline);
        return (run._process.ExitCode, await output, await error);
    }

    public Task<string?> ReadLineAsync() =>
        _process.StandardOutput.ReadLineAsync().WaitAsync(Deadline);

    /// <summary>SIGTERM, then how it ended.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        await _log;
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: the process gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    /// <summary>Nobody reads what it prints from now on; then how it ended.</summary>
    public async Task<int> StopReadingAsync()
    {
        _process.StandardOutput.Close();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
