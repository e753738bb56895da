namespace Gossip.Benchmarks;

/// <summary>What is measured, how long and how big?</summary>
internal sealed record Settings
{
    public required int Nodes { get; init; }

    /// <summary>How long the measured part publishes.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// How long the same work runs before: the first payloads are cold (JIT), and shown apart.
    /// </summary>
    public double WarmUpSeconds => WarmUp ?? 10;

    /// <summary>Null leaves it to the case.</summary>
    public required double? WarmUp { get; init; }

    public required int Repetitions { get; init; }

    /// <summary>Bytes of a payload.</summary>
    public required int Size { get; init; }

    /// <summary>Payloads a second, where a case has a rate.</summary>
    public required int Rate { get; init; }

    /// <summary>Payloads or entries; null leaves it to the case.</summary>
    public required int? Count { get; init; }

    /// <summary>
    /// Publish calls of one node that wait for their answer at once; null leaves it to the case.
    /// </summary>
    public required int? Concurrency { get; init; }

    /// <summary>Each payload in an entry of its own: the next call waits for the last.</summary>
    public required bool IsOneByOne { get; init; }

    /// <summary>Nodes that publish; the comparison programs publish at one.</summary>
    public required int Publishers { get; init; }

    /// <summary>Says where CPU and bytes go.</summary>
    public required bool IsProfiled { get; init; }

    /// <summary>The folder of the comparison programs; null compares with nothing.</summary>
    public required string? Peers { get; init; }

    public required IReadOnlyList<string> Against { get; init; }

    /// <summary>Where nodes keep their data; each run makes a folder of its own there.</summary>
    public required string Directory { get; init; }
}
