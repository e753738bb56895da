namespace Gossip.Fuzz.Loops;

/// <summary>What happened with one input.</summary>
/// <param name="Outcome">In a word; of a failure its kind and its place.</param>
/// <param name="Allocated">Bytes, by the decoder alone.</param>
/// <param name="Ticks">Of the stopwatch.</param>
/// <param name="Failure">What went wrong; null when all is well.</param>
internal sealed record Trial(string Outcome, long Allocated, long Ticks, Failure? Failure);

/// <summary>Why an input is kept as a finding.</summary>
internal sealed record Failure(FailureKind Kind, string Detail);

internal enum FailureKind
{
    /// <summary>An exception that is no refusal, a broken promise, a dead process.</summary>
    Crash,

    /// <summary>It took longer than <see cref="Watchdog.Limit"/>.</summary>
    Hang,

    /// <summary>It allocated more than the target allows.</summary>
    Allocation,
}
