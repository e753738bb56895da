using System.Globalization;

namespace Gossip.Benchmarks.Cluster;

/// <summary>What does the kernel say that processes took? Linux only, as the figures are.</summary>
internal static class Machine
{
    private const double TicksPerSecond = 100;

    /// <summary>User, nice, system and both kinds of interrupts.</summary>
    private static readonly int[] Busy = [1, 2, 3, 6, 7];

    /// <summary>User and system time of a process.</summary>
    public static double CpuSeconds(int process)
    {
        // The name in parentheses may hold blanks: fields are counted behind it.
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    /// <summary>User and system time of everything that runs on this machine.</summary>
    public static double CpuSecondsOfAll()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(
            ' ', StringSplitOptions.RemoveEmptyEntries);
        return Busy.Sum(i => Number(fields[i])) / TicksPerSecond;
    }

    public static long MemoryBytes(int process) => Field(process, "VmRSS:");

    public static long MemoryBytesMax(int process) => Field(process, "VmHWM:");

    /// <summary>Everything that went over the loopback, with TCP's and IP's headers.</summary>
    public static long LoopbackBytes()
    {
        var line = File.ReadLines("/proc/net/dev").First(l => l.TrimStart().StartsWith(
            "lo:", StringComparison.Ordinal));
        return Number(line[(line.IndexOf(':') + 1)..].Split(
            ' ', StringSplitOptions.RemoveEmptyEntries)[0]);
    }

    public static double LoadAverage() => double.Parse(
        File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static long Field(int process, string name) => 1024 * Number(
        File.ReadLines($"/proc/{process}/status")
            .First(l => l.StartsWith(name, StringComparison.Ordinal))
            .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
