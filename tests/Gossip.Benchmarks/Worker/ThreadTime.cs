using System.Runtime.InteropServices;

namespace Gossip.Benchmarks.Worker;

/// <summary>How much CPU has this thread used? Linux's own answer, to the nanosecond.</summary>
internal static partial class ThreadTime
{
    private const int ThreadCpuTime = 3;

    public static long Nanoseconds() => ReadClock(ThreadCpuTime, out var time) == 0
        ? time.Seconds * 1_000_000_000 + time.Nanoseconds
        : 0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
