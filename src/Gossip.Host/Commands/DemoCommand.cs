using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Host.Demo;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary>
/// <c>gossip demo</c>: nodes on this machine, a real file, a crash and a partition.
/// </summary>
internal static class DemoCommand
{
    // Shipped beside the executable, so that the demo runs from anywhere.
    private static readonly string Sample =
        Path.Combine(AppContext.BaseDirectory, "samples", "input.txt");

    // The demo keeps its input, and counts per line and node, in memory.
    private const long InputBytesMax = 64 * 1024 * 1024;

    // Enough for a message and the start of an exception.
    private const int LogLineShown = 400;

    public static Command Create(TimeProvider time)
    {
        var nodes = new Option<int>("--nodes")
        {
            HelpName = "N",
            DefaultValueFactory = _ => 3,
            Description = $"How many nodes, 1 to {DemoSettings.NodesMax}.",
        };
        var input = new Option<FileInfo?>("--input")
        {
            HelpName = "FILE",
            Description = "The text to publish, line by line. Default: a text that comes along.",
        };
        var keep = new Option<DirectoryInfo?>("--keep")
        {
            HelpName = "DIR",
            Description = "Keep the nodes' data there.",
        };
        return new Command("demo",
            "Runs nodes here, publishes a file through all of them, kills and restarts one, cuts "
            + "all off and heals that, then compares roots and payloads. Exit 0 only when all is "
            + $"equal, nothing lost, nothing twice.\n\n{ExitCode.Explanation}")
        {
            nodes, input, keep,
        }.Does(async (result, terminal, stop) =>
        {
            var count = result.GetValue(nodes);
            if (count is < 1 or > DemoSettings.NodesMax)
            {
                throw CommandException.Usage($"--nodes: 1 to {DemoSettings.NodesMax}.");
            }

            var directory = result.GetValue(keep)?.FullName;
            return await RunAsync(
                new(count, ReadLines(result.GetValue(input)?.FullName ?? Sample),
                    directory ?? Directory.CreateTempSubdirectory("gossip-demo-").FullName,
                    directory is not null),
                terminal, time, stop);
        });
    }

    private static async Task<int> RunAsync(
        DemoSettings settings, Terminal terminal, TimeProvider time, CancellationToken stop)
    {
        try
        {
            await using var demo = new DemoRun(settings, terminal, time);
            try
            {
                return Report(await demo.RunAsync(stop), terminal);
            }
            catch (CommandException e)
            {
                ShowLogs(demo, terminal);

                // The demo's own nodes failing is the demo's failure, not an address to mend.
                throw CommandException.Failed(e.Code, e.Message);
            }
        }
        finally
        {
            if (!settings.Keep)
            {
                Directory.Delete(settings.Directory, recursive: true);
            }
        }
    }

    private static int Report(DemoReport report, Terminal terminal)
    {
        if (terminal.IsJson)
        {
            terminal.Print(JsonSerializer.Serialize(report, HostJson.Shared.DemoReport));
        }
        else
        {
            foreach (var (index, root) in report.Roots.Index())
            {
                terminal.Print($"root of node {index + 1}  {root}");
            }

            terminal.Print(string.Create(CultureInfo.InvariantCulture,
                $"{(report.Converged ? "converged" : "NOT CONVERGED")}: {report.Nodes} nodes, "
                + $"{report.Payloads} payloads, {report.Lost} lost, {report.Duplicates} "
                + $"duplicates, {report.Seconds:F1} s"));
        }

        return report is { Converged: true, Lost: 0, Duplicates: 0 }
            ? ExitCode.Done
            : ExitCode.Failed;
    }

    private static void ShowLogs(DemoRun demo, Terminal terminal)
    {
        foreach (var member in demo.Nodes)
        {
            foreach (var line in member.LastLog)
            {
                terminal.Note($"node {member.Index + 1}: "
                    + line[..Math.Min(line.Length, LogLineShown)]);
            }
        }
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            if (new FileInfo(path).Length > InputBytesMax)
            {
                throw CommandException.Usage(
                    $"{path} has more than {InputBytesMax} bytes; choose a smaller file.");
            }

            var lines = File.ReadAllLines(path);
            return lines.Length > 0
                ? lines
                : throw CommandException.Usage($"{path} is empty; choose a file with lines.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"{e.Message} Name a readable file.");
        }
    }
}
