namespace Gossip.Host.Api;

/// <summary>
/// Something that happened in a node: a stable name, when the API told it, and the fields that this
/// kind of event has. Others are left out.
/// </summary>
internal sealed record EventShape(string Event, long Time)
{
    public string? Topic { get; init; }

    public string? Log { get; init; }

    public long? Seq { get; init; }

    public string? Entry { get; init; }

    public int? Payloads { get; init; }

    public string? Peer { get; init; }

    public string? Address { get; init; }

    /// <summary>Of a peer that stands differently: good, quarantined, banned or blocked.</summary>
    public string? Standing { get; init; }

    public string? Reason { get; init; }

    public bool? Equal { get; init; }

    public string? Outcome { get; init; }

    public long? Sent { get; init; }

    public long? Received { get; init; }

    public double? Seconds { get; init; }

    /// <summary>The key that follows the author's.</summary>
    public string? Successor { get; init; }

    /// <summary>Of a closure: fork, end or rotation.</summary>
    public string? Kind { get; init; }

    public long? Slot { get; init; }

    public long? Undelivered { get; init; }

    public long? SilentSince { get; init; }

    public string? Actor { get; init; }

    public long? Position { get; init; }

    public string? Error { get; init; }

    /// <summary>Of an attestation or an erasure: who said it; whose key was replaced.</summary>
    public string? Author { get; init; }

    /// <summary>Of an attestation: of whom.</summary>
    public string? Subject { get; init; }

    /// <summary>Of an attestation; 0 withdrew it.</summary>
    public double? Weight { get; init; }

    /// <summary>So many events were left out here: the reader was too slow.</summary>
    public long? Missed { get; init; }
}
