using System.Diagnostics;

namespace Gossip.Benchmarks.Cluster;

/// <summary>
/// A loopback of our own, where it may be had: then its counters count nobody else's bytes.
/// </summary>
internal static class OwnNetwork
{
    private const string Mark = "GOSSIP_BENCHMARK_NETWORK";

    public static bool IsOwn => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <summary>
    /// Runs this very command again inside; null when that cannot be done or is done already.
    /// </summary>
    public static async Task<int?> ReenterAsync(string[] args)
    {
        if (IsOwn || !await CanAsync())
        {
            return null;
        }

        var start = new ProcessStartInfo("unshare");
        start.Environment[Mark] = "1";
        string[] command =
        [
            "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "--", .. Self.Command, .. args,
        ];
        command.ToList().ForEach(start.ArgumentList.Add);
        using var run = Process.Start(start)!;
        await run.WaitForExitAsync();
        return run.ExitCode;
    }

    private static async Task<bool> CanAsync()
    {
        try
        {
            using var attempt = Process.Start(new ProcessStartInfo(
                "unshare", ["--net", "ip", "link", "set", "lo", "up"])
            {
                RedirectStandardError = true,
            })!;
            await attempt.WaitForExitAsync();
            return attempt.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>How is this program started once more?</summary>
internal static class Self
{
    public static string[] Command { get; } =
        ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "Gossip.Benchmarks.dll")];
}
