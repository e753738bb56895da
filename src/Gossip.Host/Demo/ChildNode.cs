using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Gossip.Host.Commands;
using Gossip.Host.Node;

namespace Gossip.Host.Demo;

/// <summary>
/// A node process of a demo: start, wait until it is ready, kill, and what it last said.
/// </summary>
internal sealed class ChildNode : IDisposable
{
    private const int LogLinesMax = 20;

    private readonly Process _process;
    private readonly Action<string>? _heard;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<ReadyShape> _ready =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildNode(Process process, Action<string>? heard) =>
        (_process, _heard) = (process, heard);

    public IEnumerable<string> LastLog => _log;

    /// <summary>Its number on this machine.</summary>
    public int Id => _process.Id;

    /// <summary>
    /// The gossip program again. Its standard input is ours: it ends when we do, however we end.
    /// </summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="heard">Gets each line that it logs; called from several threads.</param>
    public static ChildNode Start(
        IEnumerable<string> arguments, Action<string>? heard = null)
    {
        var program = FindProgram();
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildNode).Assembly.Location);
        }

        foreach (var argument in arguments.Append("--json").Append("--until-input-ends"))
        {
            start.ArgumentList.Add(argument);
        }

        var child = new ChildNode(
            new Process { StartInfo = start, EnableRaisingEvents = true }, heard);
        child._process.OutputDataReceived += (_, line) => child.Hear(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Remember(line.Data);
        child._process.Exited += (_, _) => child._ready.TrySetException(CommandException.Failed(
            "node-failed", "A node ended before it was ready; its last lines stand above."));
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    public async Task<ReadyShape> ReadyAsync(TimeSpan timeout, TimeProvider time)
    {
        try
        {
            return await _ready.Task.WaitAsync(timeout, time);
        }
        catch (TimeoutException)
        {
            throw CommandException.Failed("node-failed",
                $"A node was not ready within {timeout.TotalSeconds:F0} s.");
        }
    }

    /// <summary>SIGKILL: the node gets no chance to finish anything.</summary>
    public async Task KillAsync(CancellationToken stop)
    {
        _process.Kill();
        await _process.WaitForExitAsync(stop);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(TimeSpan.FromSeconds(5));
        }

        _process.Dispose();
    }

    /// <summary>Ourselves; or, inside another program, the one that was copied beside it.</summary>
    private static string FindProgram()
    {
        var self = Environment.ProcessPath!;
        var beside = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows()
            ? "gossip.exe"
            : "gossip");
        return Path.GetFileNameWithoutExtension(self) is "gossip" || !File.Exists(beside)
            ? self
            : beside;
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (line.StartsWith("{\"event\":\"ready\"", StringComparison.Ordinal)
            && JsonSerializer.Deserialize(line, HostJson.Shared.ReadyShape) is { } ready)
        {
            _ready.TrySetResult(ready);
        }
        else
        {
            Remember(line);
        }
    }

    private void Remember(string? line)
    {
        if (line is not null)
        {
            _heard?.Invoke(line);
            _log.Enqueue(line);
            while (_log.Count > LogLinesMax)
            {
                _log.TryDequeue(out _);
            }
        }
    }
}
