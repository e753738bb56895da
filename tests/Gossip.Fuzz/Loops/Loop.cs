using System.Diagnostics;

namespace Gossip.Fuzz.Loops;

/// <summary>Tries inputs on one target: the seeds, samples, and what is made of them.</summary>
internal sealed class Loop(Probe probe, LoopSettings settings)
{
    // The same defect is met again and again: each is told once, and not endlessly many.
    private const int FindingsMax = 20;
    private const int Samples = 64;
    private const int SampleEvery = 50;

    private readonly Target _target = probe.Target;
    private readonly Random _random = new(settings.Seed);
    private readonly Corpus _corpus = new();
    private readonly SortedDictionary<string, long> _outcomes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Finding> _findings = [];
    private readonly Queue<byte[]> _samples = new();
    private Peak _peak = new(0, 0, 0);
    private long _inputs;
    private long _ticksMax;

    public TargetReport Run()
    {
        var watch = Stopwatch.StartNew();
        foreach (var input in SeedFile.Read(_target.Name).Concat(
            _target.Samples(_random).Take(Samples)))
        {
            Try(input);
        }

        while (_inputs < settings.Inputs && watch.Elapsed < settings.Time
            && _findings.Count < FindingsMax)
        {
            Try(Next());
        }

        return Report(watch.Elapsed);
    }

    public IReadOnlyList<byte[]> Corpus => _corpus.Inputs;

    private byte[] Next()
    {
        if (_random.Next(SampleEvery) == 0)
        {
            return NextSample();
        }

        var made = _target.Mutate(
            _corpus.Pick(_random), _corpus.Pick(_random), _random);
        return made.Length <= _target.BytesMax ? made : made[.._target.BytesMax];
    }

    private byte[] NextSample()
    {
        if (_samples.Count == 0)
        {
            foreach (var sample in _target.Samples(_random).Take(Samples))
            {
                _samples.Enqueue(sample);
            }
        }

        return _samples.Dequeue();
    }

    private void Try(byte[] input)
    {
        var trial = probe.Try(input);
        _inputs++;
        _outcomes[trial.Outcome] = _outcomes.GetValueOrDefault(trial.Outcome) + 1;
        _ticksMax = Math.Max(_ticksMax, trial.Ticks);
        _peak = Peak.Max(_peak, new(
            (double)trial.Allocated / _target.Allowance(input),
            trial.Allocated,
            input.Length));
        _corpus.Offer(input, trial);
        if (trial.Failure is { } failure)
        {
            Keep(input, trial.Outcome, failure);
        }
    }

    private void Keep(byte[] input, string outcome, Failure failure)
    {
        var key = $"{failure.Kind} {(failure.Kind == FailureKind.Crash ? outcome : "")}";
        if (_findings.ContainsKey(key))
        {
            return;
        }

        var least = Minimiser.Shrink(input, shorter => probe.Try(shorter) is { Failure: { } again }
            trial && again.Kind == failure.Kind
            && (failure.Kind != FailureKind.Crash || trial.Outcome == outcome));
        failure = probe.Try(least).Failure ?? failure;
        _findings[key] = Finding.Keep(_target.Name, failure, least, settings.Findings);
    }

    private TargetReport Report(TimeSpan elapsed) => new()
    {
        Target = _target.Name,
        Inputs = _inputs,
        Seconds = Math.Round(elapsed.TotalSeconds, 3),
        InputsPerSecond = Math.Round(_inputs / elapsed.TotalSeconds),
        Corpus = _corpus.Count,
        Edges = _corpus.Edges,
        Outcomes = _outcomes,
        Crashes = _findings.Values.Count(f => f.Kind == FailureKind.Crash),
        Hangs = 0,
        Overallocations = _findings.Values.Count(f => f.Kind == FailureKind.Allocation),
        AllocationShareMax = Math.Round(_peak.Share, 3),
        AllocatedBytes = _peak.Allocated,
        AllocatedForBytes = _peak.Bytes,
        MillisecondsMax = Math.Round(TimeSpan.FromSeconds(
            (double)_ticksMax / Stopwatch.Frequency).TotalMilliseconds, 1),
        Findings = [.. _findings.Values],
    };

    /// <summary>The input that came nearest to what it may allocate.</summary>
    private readonly record struct Peak(double Share, long Allocated, int Bytes)
    {
        public static Peak Max(Peak one, Peak other) => other.Share > one.Share ? other : one;
    }
}

/// <summary>How many inputs, how long, from which seed, and where do findings go?</summary>
internal sealed record LoopSettings(long Inputs, TimeSpan Time, int Seed, string Findings);
