namespace Gossip.Benchmarks.Cluster;

/// <summary>What did some processes take between two moments?</summary>
internal sealed class Usage
{
    private readonly int[] _processes;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly double _cpu;
    private readonly double _cpuOfAll;
    private readonly long _wire;

    public Usage(IEnumerable<int> processes, TimeProvider time)
    {
        (_processes, _time) = ([.. processes], time);
        _start = time.GetTimestamp();
        _cpu = _processes.Sum(Machine.CpuSeconds);
        _cpuOfAll = Machine.CpuSecondsOfAll();
        _wire = Machine.LoopbackBytes();
    }

    public Taken Stop()
    {
        var seconds = _time.GetElapsedTime(_start).TotalSeconds;
        var cpu = _processes.Sum(Machine.CpuSeconds) - _cpu;
        var others = Machine.CpuSecondsOfAll() - _cpuOfAll - cpu;
        return new(
            seconds,
            cpu,
            Math.Max(0, others) / seconds / Environment.ProcessorCount,
            Machine.LoopbackBytes() - _wire);
    }
}

/// <summary>
/// The share of others is of the whole machine, this program included: what it took, nobody else
/// could.
/// </summary>
internal sealed record Taken(
    double Seconds, double CpuSeconds, double ShareOfOthers, long WireBytes);
