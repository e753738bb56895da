using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Host.Api;

/// <summary>
/// What does a value look like outside? Same order, same keys on every node, so that two nodes'
/// answers can be compared with diff.
/// </summary>
internal static class Shaping
{
    public static PayloadShape Shape(Payload payload)
    {
        var isText = Utf8.IsValid(payload.Data.Span);
        return new(
            isText ? Encoding.UTF8.GetString(payload.Data.Span) : null,
            isText ? null : Convert.ToBase64String(payload.Data.Span),
            payload.Headers.IsEmpty ? null : Headers(payload.Headers));
    }

    public static ReceiptsShape Shape(ImmutableArray<Receipt> receipts, Acks acks) =>
        new([.. receipts.Select(receipt => Shape(receipt, acks))]);

    public static AcksMissingShape Shape(AcknowledgementException missing, Acks acks) => new(
        missing.Code, missing.Message, Shape(missing.Receipts, acks).Receipts);

    internal static ReceiptShape Shape(Receipt receipt, Acks acks) => new(
        string.Create(CultureInfo.InvariantCulture, $"{receipt.Entry}:{receipt.Index}"),
        receipt.Entry.ToString(),
        Name(receipt.Dot.Log),
        receipt.Dot.Seq,
        receipt.Index,
        receipt.Position,
        acks == Acks.Local ? null : [.. receipt.Holders.Select(holder => holder.ToString())]);

    public static EntryShape Shape(DeliveredEntry delivered) =>
        Shape(delivered.Entry, delivered.Position) with
        {
            Late = delivered.IsLate ? true : null,
        };

    public static EntryShape Shape(Entry entry, long? position) => new(
        position,
        entry.Id.ToString(),
        entry.Header.Log.Author.ToString(),
        Name(entry.Header.Log),
        entry.Header.Seq,
        entry.Header.Time,
        [.. entry.Payloads.Select(Shape)],
        entry.IsErased ? true : null);

    /// <summary>
    /// An entry without payloads ends its log: one item without data stands for it.
    /// </summary>
    public static IEnumerable<StreamShape> Stream(EntryShape entry) => entry.Payloads
        .DefaultIfEmpty(new(null, null, null))
        .Select((payload, index) => new StreamShape(
            entry.Position!.Value, index, entry.Payloads.Length, entry.Id, entry.Author,
            entry.Log, entry.Seq, entry.Time, payload.Data, payload.Base64, payload.Headers,
            entry.Late));

    public static TopicShape Shape(TopicStatus topic) => new(
        topic.Name.Value,
        topic.Id.ToString(),
        topic.Root.ToString(),
        topic.Statistics.Entries,
        topic.Statistics.Payloads,
        topic.Statistics.Bytes,
        topic.Statistics.Logs,
        topic.Statistics.Oldest,
        topic.Statistics.Newest,
        topic.Position,
        [.. topic.Rows.OrderBy(row => row.Log).Select(row => Shape(row, topic.Clock))],
        [.. topic.Lags.OrderBy(lag => lag.Did, StringComparer.Ordinal)],
        [.. topic.Blocked.OrderBy(b => (b.Entry.Log, b.Entry.Seq)).Select(b =>
            new BlockedShape(Name(b.Entry), Name(b.WaitsFor)))],
        [.. topic.Lost.Select(l => new LostShape(Name(l.Log), l.Slots.ToString()))],
        [.. topic.Closures.OrderBy(c => c.Proof.First.Header.Log).Select(c => new ClosureShape(
            Name(c.Proof.First.Header.Log),
            c.Slot,
            Kind(c.Proof),
            c.Proof.First.Id.ToString(),
            c.Proof.Second.Id.ToString(),
            c.Proof.Rotation?.Successor.ToString()))],
        PolicyRoutes.Shape(topic));

    public static RotationShape Shape(KeyRotation rotation) => new(
        rotation.Old.ToString(),
        rotation.New.ToString(),
        rotation.Peers,
        [.. rotation.Topics.Select(topic => new TopicRotationShape(
            topic.Topic.Value, [.. topic.Ends.Select(Name)]))]);

    public static ClosedShape Shape(ClosedLog closed)
    {
        var (log, proof) = (closed.Log, closed.Proof);
        return new(
            closed.Topic.Value, Name(log), log.Author.ToString(),
            log.Incarnation.ToString("x16", CultureInfo.InvariantCulture), closed.Slot,
            proof is null ? "revocation" : Kind(proof), proof?.First.Id.ToString(),
            proof?.Second.Id.ToString(), closed.Disputed, proof?.Rotation?.Successor.ToString());
    }

    public static StatusShape Shape(
        NodeStatus status, GossipOptions options, ApiRefusals refusals) => new(
        status.Did.ToString(),
        status.Network,
        status.Address,
        status.Store,
        status.Runtime,
        status.UptimeMilliseconds,
        status.PeersConnected,
        [.. status.NotReady],
        [.. status.Partitions.OrderBy(apart => apart.Did, StringComparer.Ordinal)],
        [.. status.Twins.Select(Shape)],
        options.Sizes.PayloadBytesMax,
        new(status.Counters.Concat(refusals.Counters).ToDictionary(), StringComparer.Ordinal),
        [.. status.RecentRefusals]);

    private static TwinShape Shape(TwinView twin) => new(
        twin.Address, twin.Log is { } log ? Name(log) : null, twin.FirstSeen, twin.LastSeen,
        twin.IsConnected);

    public static SyncShape Shape(SyncResult result) => new(
        result.Did, result.IsEqual, result.Sent, result.Received, result.Seconds, result.Outcome);

    public static string Kind(ForkProof proof) =>
        proof.Rotation is not null ? "rotation" : proof.IsEnd ? "end" : "fork";

    /// <summary>A log in full: author, incarnation, and admission when there is one.</summary>
    public static string Name(LogId log)
    {
        var name = $"{log.Author}/{log.Incarnation:x16}";
        return log.Admission == Admission.None
            ? name
            : $"{name}/{log.Admission.Seq}-{log.Admission.Id}";
    }

    private static string Name(Dot dot) => $"{Name(dot.Log)}#{dot.Seq}";

    private static RowShape Shape(Row row, VectorClock delivered) => new(
        Name(row.Log),
        row.Log.Author.ToString(),
        row.Holdings.Floor,
        row.Holdings.Head,
        row.Holdings.Islands.IsEmpty ? "" : row.Holdings.Islands.ToString(),
        delivered.Get(row.Log),
        row.ClosedAt,
        row.Digest.ToString("x32", CultureInfo.InvariantCulture));

    private static SortedDictionary<string, string> Headers(
        ImmutableArray<KeyValuePair<string, string>> headers)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            // JSON objects keep one value per name; the first is the author's own.
            sorted.TryAdd(name, value);
        }

        return sorted;
    }
}
