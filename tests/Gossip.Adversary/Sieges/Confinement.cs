using System.Globalization;

namespace Gossip.Adversary.Sieges;

/// <summary>
/// Holds a process to half a core with a control group, where one can be made. Elsewhere the
/// attacker's own pace must do.
/// </summary>
internal sealed class Confinement : IDisposable
{
    /// <summary>Short: half a core in the mean must not be two whole ones for a while.</summary>
    private const int PeriodMicroseconds = 10_000;
    private const string First = "/sys/fs/cgroup/cpu";
    private const string Second = "/sys/fs/cgroup";

    private readonly string? _folder;

    private Confinement(string? folder) => _folder = folder;

    public string Kind => _folder is null ? "own pace" : "control group";

    public static Confinement Of(int process, double cores)
    {
        var quota = (int)(cores * PeriodMicroseconds);
        return TryMake(First, process, ("cpu.cfs_period_us", $"{PeriodMicroseconds}"),
                ("cpu.cfs_quota_us", $"{quota}"))
            ?? TryMake(Second, process, ("cpu.max", $"{quota} {PeriodMicroseconds}"))
            ?? new(null);
    }

    /// <summary>A group can go once its last process has.</summary>
    public void Dispose()
    {
        if (_folder is not null)
        {
            TryRemove(_folder);
        }
    }

    private static Confinement? TryMake(
        string root, int process, params (string File, string Value)[] limits)
    {
        var folder = Path.Combine(root, string.Create(
            CultureInfo.InvariantCulture, $"gossip-adversary-{process}"));
        try
        {
            if (!Directory.Exists(root))
            {
                return null;
            }

            Directory.CreateDirectory(folder);
            foreach (var (file, value) in limits)
            {
                Write(folder, file, value);
            }

            Write(folder, "cgroup.procs", process.ToString(CultureInfo.InvariantCulture));
            return new(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryRemove(folder);
            return null;
        }
    }

    /// <summary>Its files are the kernel's: none is made, and none is cut.</summary>
    private static void Write(string folder, string file, string value)
    {
        using var stream = new FileStream(
            Path.Combine(folder, file), FileMode.Open, FileAccess.Write);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(value));
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was never made, or is no group of ours.
        }
    }
}
