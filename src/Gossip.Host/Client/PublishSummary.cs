namespace Gossip.Host.Client;

/// <summary>What a publish command did.</summary>
internal sealed record PublishSummary(
    string Event, string Topic, long Payloads, long Entries, double Seconds, bool Complete);
