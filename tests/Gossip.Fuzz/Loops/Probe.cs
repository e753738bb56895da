using System.Diagnostics;
using Gossip.Fuzz.Coverage;

namespace Gossip.Fuzz.Loops;

/// <summary>Tries one input on a target: what comes out, at what cost?</summary>
internal sealed class Probe(Target target, Watchdog watchdog)
{
    // The first time pays for what is made once: a type's statics, a serialiser's tables.
    private const int TimesMax = 3;

    public Target Target => target;

    public Trial Try(byte[] input)
    {
        var trial = TryOnce(input);
        for (var i = 1; i < TimesMax && trial.Failure?.Kind == FailureKind.Allocation; i++)
        {
            trial = TryOnce(input);
        }

        return trial;
    }

    private Trial TryOnce(byte[] input)
    {
        var decode = target.Decoding(input);
        object? result = null;
        Exception? thrown = null;
        Counters.Clear();
        watchdog.Begin(input);
        var start = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            result = decode();
        }
        catch (Exception e)
        {
            thrown = e;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var ticks = Stopwatch.GetTimestamp() - start;
        watchdog.End();
        Counters.Take();
        var trial = Judge(input, result, thrown) with { Allocated = allocated, Ticks = ticks };
        return trial.Failure is null && allocated > target.Allowance(input)
            ? trial with { Failure = TooMuch(input, allocated) }
            : trial;
    }

    private Trial Judge(byte[] input, object? result, Exception? thrown)
    {
        try
        {
            return thrown is null
                ? new(target.Judge(input, result), 0, 0, null)
                : Crash(thrown);
        }
        catch (Exception e)
        {
            return Crash(e);
        }
    }

    private static Trial Crash(Exception e)
    {
        var at = new StackTrace(e).GetFrame(0)?.GetMethod();
        var place = $"{e.GetType().Name} in {at?.DeclaringType?.Name}.{at?.Name}";
        return new(place, 0, 0, new(FailureKind.Crash, $"{place}: {e.Message}"));
    }

    private Failure TooMuch(byte[] input, long allocated) => new(
        FailureKind.Allocation,
        $"{allocated} bytes allocated for an input of {input.Length}; "
        + $"at most {target.Allowance(input)}");
}
