using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Gossip.Fuzz.Loops;

/// <summary>
/// Does an input take too long? Then this process ends: nothing else stops a loop. What was tried
/// last stands in a file that outlives the process, whatever ends it. Time is that of the
/// processor, so that a busy machine hangs nobody; and the clock's, ten times as long, for what
/// waits.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>The exit code of a process that hung.</summary>
    public const int Hung = 86;

    // More than any target's input.
    private const int BytesMax = 2 * 1024 * 1024;

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _last;
    private readonly Timer _timer;
    private long _since;
    private (long Since, TimeSpan Cpu) _seen;

    /// <param name="file">Where the last input is kept; null to keep none.</param>
    /// <param name="hang">Called from a thread of its own; ends the process.</param>
    public Watchdog(string? file, Action hang)
    {
        _file = file is null
            ? null
            : MemoryMappedFile.CreateFromFile(file, FileMode.Create, null, BytesMax);
        _last = _file?.CreateViewAccessor();
        var period = Limit / 10;
        _timer = new Timer(_ => Look(hang), null, period, period);
    }

    public void Begin(byte[] input)
    {
        _last?.Write(0, input.Length);
        _last?.WriteArray(sizeof(int), input, 0, input.Length);
        Volatile.Write(ref _since, Stopwatch.GetTimestamp());
    }

    public void End() => Volatile.Write(ref _since, 0);

    /// <summary>What a process that has ended tried last.</summary>
    public static byte[] LastInput(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return bytes[sizeof(int)..(sizeof(int) + BitConverter.ToInt32(bytes))];
    }

    public void Dispose()
    {
        _timer.Dispose();
        _last?.Dispose();
        _file?.Dispose();
    }

    private void Look(Action hang)
    {
        var since = Volatile.Read(ref _since);
        if (since == 0)
        {
            return;
        }

        var cpu = Environment.CpuUsage.TotalTime;
        if (_seen.Since != since)
        {
            _seen = (since, cpu);
        }

        if (cpu - _seen.Cpu > Limit || Stopwatch.GetElapsedTime(since) > 10 * Limit)
        {
            hang();
        }
    }
}
