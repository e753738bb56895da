using System.Text.Json.Serialization;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>Every failure, whatever asked: a stable code and a sentence for people.</summary>
internal sealed record ErrorShape(string Error, string Message);

internal sealed record JoinShape(string Topic, bool Joined, int PayloadBytesMax);

/// <summary>Text when the bytes are valid UTF-8, base64 when not: exactly one of the two.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PayloadShape(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Base64,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    SortedDictionary<string, string>? Headers);

/// <summary>
/// The id is entry id + index, as <c>entry:index</c>. Holders: peers that are known to hold it, for
/// a publish that waited for peers.
/// </summary>
internal sealed record ReceiptShape(
    string Id, string Entry, string Log, long Seq, int Index, long Position,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string[]? Holders = null);

internal sealed record ReceiptsShape(ReceiptShape[] Receipts);

/// <summary>Published, and held by fewer peers than were asked for: what a 504 says.</summary>
internal sealed record AcksMissingShape(string Error, string Message, ReceiptShape[] Receipts);

/// <summary>
/// Erased: its payloads were taken back. Late: its log had been delivered past it already.
/// </summary>
internal sealed record EntryShape(
    long? Position, string Id, string Author, string Log, long Seq, long Time,
    PayloadShape[] Payloads,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    bool? Erased = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    bool? Late = null);

internal sealed record ErasedShape(string Entry, bool Erased);

/// <summary>Next is where the following page starts; it stays when nothing is left.</summary>
internal sealed record PageShape(EntryShape[] Entries, long Next);

/// <summary>
/// One payload of a stream, the index-th of so many in its entry (0: a log's end, which has none);
/// position.index is where a cut stream resumes.
/// </summary>
internal sealed record StreamShape(
    long Position, int Index, int Of, string Entry, string Author, string Log, long Seq, long Time,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Base64,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    SortedDictionary<string, string>? Headers,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    bool? Late = null);

internal sealed record RowShape(
    string Log, string Author, long Floor, long Head, string Islands, long Delivered,
    long? ClosedAt, string Digest);

internal sealed record BlockedShape(string Entry, string WaitsFor);

/// <summary>Slots that nobody could serve; they are taken when they turn up.</summary>
internal sealed record LostShape(string Log, string Slots);

/// <summary>
/// Kind is fork, two headers for one slot; end: its author said that it is over; or rotation: an
/// end that names the key which follows.
/// </summary>
internal sealed record ClosureShape(
    string Log, long Slot, string Kind, string First, string Second,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Successor = null);

/// <summary>The node is <c>New</c> once it is restarted; peers that were connected.</summary>
internal sealed record RotationShape(
    string Old, string New, int Peers, TopicRotationShape[] Topics);

/// <summary>The slots that end what the old key wrote in a topic.</summary>
internal sealed record TopicRotationShape(string Topic, string[] Ends);

/// <summary>
/// A closed log of any topic: from which slot, why, the ids of the two headers that prove it, and
/// how many entries held here that disputes. Kind is also revocation: the topic's policy took the
/// rest of the log away, and no header of the log proves it.
/// </summary>
internal sealed record ClosedShape(
    string Topic, string Log, string Author, string Incarnation, long Slot, string Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? First,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Second,
    long Disputed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Successor = null);

internal sealed record ClosuresShape(ClosedShape[] Closures);

internal sealed record EndShape(string Topic, bool Ended);

internal sealed record TopicShape(
    string Name, string Id, string Root, long Entries, long Payloads, long Bytes, int Logs,
    long Oldest, long Newest, long Position, RowShape[] Rows, LagView[] Lags,
    BlockedShape[] Blocked, LostShape[] Lost, ClosureShape[] Closures,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    PolicyShape? Policy = null);

internal sealed record TopicsShape(TopicShape[] Topics);

internal sealed record PeersShape(PeerShape[] Peers);

/// <summary>
/// Another process that runs with this node's key: where it said hello, or else the log in which
/// its writing is seen.
/// </summary>
internal sealed record TwinShape(
    string Address,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Log,
    long FirstSeen, long LastSeen, bool Connected);

internal sealed record StatusShape(
    string Did, string Network, string? Address, string Store, string Runtime,
    long UptimeMilliseconds,
    int PeersConnected, string[] NotReady, PartitionView[] Partitions, TwinShape[] Twins,
    int PayloadBytesMax,
    SortedDictionary<string, long> Counters, string[] RecentRefusals);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SyncRequestShape(string? Peer);

internal sealed record SyncShape(
    string Did, bool Equal, long Sent, long Received, double Seconds, string Outcome);

internal sealed record SyncsShape(SyncShape[] Results);

internal sealed record HealthShape(string Status, string[] Reasons);

internal sealed record VersionShape(string Version, int Protocol, string Runtime);
