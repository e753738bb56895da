using System.Globalization;

namespace Gossip.Simulation.Scripts;

/// <summary>How are faults spelled? As name=value, what is not named stays quiet.</summary>
public static class FaultWords
{
    public static Faults Read(Words words)
    {
        var faults = Faults.None;
        foreach (var (name, value) in words.Pairs())
        {
            faults = name switch
            {
                "loss" => faults with { Loss = words.RealOf(value) },
                "replay" => faults with { Replay = words.RealOf(value) },
                "reorder" => faults with { Reorder = value == "yes" },
                "delay-min" => faults with { DelayMin = words.TimeOf(value) },
                "delay-mean" => faults with { DelayMean = words.TimeOf(value) },
                "rate" => faults with { BytesPerSecond = (long)words.RealOf(value) },
                "window" => faults with { WindowBytes = (long)words.RealOf(value) },
                "crash-in-commit" => faults with { CrashesPerCommit = words.RealOf(value) },
                "crash-mean" => faults with { CrashMean = words.TimeOf(value) },
                "commit-mean" => faults with { CommitMean = words.TimeOf(value) },
                "read-mean" => faults with { ReadMean = words.TimeOf(value) },
                "write-faults" => faults with { WriteFaults = words.RealOf(value) },
                "read-faults" => faults with { ReadFaults = words.RealOf(value) },
                "crash-loses-commit" => faults with { CrashWriteFaults = words.RealOf(value) },
                _ => throw words.Wrong($"'{name}' is no fault"),
            };
        }

        return faults;
    }

    /// <summary>Only what differs from quiet.</summary>
    public static string Write(Faults faults)
    {
        var none = Faults.None;
        var all = new (string Name, object Value, object Quiet)[]
        {
            ("loss", faults.Loss, none.Loss),
            ("replay", faults.Replay, none.Replay),
            ("reorder", faults.Reorder, none.Reorder),
            ("delay-min", faults.DelayMin, none.DelayMin),
            ("delay-mean", faults.DelayMean, none.DelayMean),
            ("rate", faults.BytesPerSecond, none.BytesPerSecond),
            ("window", faults.WindowBytes, none.WindowBytes),
            ("crash-in-commit", faults.CrashesPerCommit, none.CrashesPerCommit),
            ("crash-mean", faults.CrashMean, none.CrashMean),
            ("commit-mean", faults.CommitMean, none.CommitMean),
            ("read-mean", faults.ReadMean, none.ReadMean),
            ("write-faults", faults.WriteFaults, none.WriteFaults),
            ("read-faults", faults.ReadFaults, none.ReadFaults),
            ("crash-loses-commit", faults.CrashWriteFaults, none.CrashWriteFaults),
        };
        return string.Concat(
            all.Where(f => !f.Value.Equals(f.Quiet)).Select(f => $" {f.Name}={Spell(f.Value)}"));
    }

    private static string Spell(object value) => value switch
    {
        bool flag => flag ? "yes" : "no",
        TimeSpan time => Spelled.Time(time),
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "not spelled yet"),
    };
}

/// <summary>How are things written in scripts and traces?</summary>
public static class Spelled
{
    public static string Time(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Round(time.TotalMilliseconds)}ms");

    public static TimeSpan Rounded(TimeSpan time) =>
        TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds));
}
