using System.Text.Json;
using Gossip.Actors.Protocol;
using Gossip.Host.Api;
using Gossip.Tests;

namespace Gossip.Host.Tests.Api;

/// <summary>Names and fields that programs rely on.</summary>
public sealed class EventShapingTests
{
    private static readonly TopicName News = new("news");
    private static readonly Entry Entry = Samples.Delivered(3, "a", "b").Entry;
    private static readonly Did Peer = Samples.Log.Author;
    private static readonly string Log = Shaping.Name(Samples.Log);

    private static readonly (NodeEvent Happened, string Json)[] Table =
    [
        (new NodeEvent.Created(News, Entry.Dot, Entry.Id, 2),
            $$"""{"event":"created",{{Entered}}}"""),
        (new NodeEvent.Received(News, Entry.Dot, Entry.Id, 2),
            $$"""{"event":"received",{{Entered}}}"""),
        (new NodeEvent.PeerAdded(Peer, "h:1"),
            $$"""{"event":"peer-added","time":7,"peer":"{{Peer}}","address":"h:1"}"""),
        (new NodeEvent.PeerRemoved(Peer, "h:1", "gone"),
            $$"""{"event":"peer-removed","time":7,"peer":"{{Peer}}","address":"h:1","""
            + "\"reason\":\"gone\"}"),
        (new NodeEvent.Exchanged(new("did", true, "mended", 1, 2, 0.5)),
            """{"event":"exchanged","time":7,"peer":"did","equal":true,"outcome":"mended","""
            + "\"sent\":1,\"received\":2,\"seconds\":0.5}"),
        (new NodeEvent.Closed(News, new(4, ForkProof.OfEnd(End.SignedHeader)), 0),
            $$"""{"event":"closed","time":7,"topic":"news","log":"{{Log}}","kind":"end","""
            + "\"slot\":4,\"undelivered\":0}"),
        (new NodeEvent.Closed(News, new(3, new(Entry.SignedHeader, End.SignedHeader)), 1),
            $$"""{"event":"closed","time":7,"topic":"news","log":"{{Log}}","kind":"fork","""
            + "\"slot\":3,\"undelivered\":1}"),
        (new NodeEvent.PartitionSuspected(Peer, 5),
            $$"""{"event":"partition-suspected","time":7,"peer":"{{Peer}}","silentSince":5}"""),
        (new NodeEvent.PartitionHealed(Peer, TimeSpan.FromSeconds(2)),
            $$"""{"event":"partition-healed","time":7,"peer":"{{Peer}}","seconds":2}"""),
        (new NodeEvent.PeerJudged(Peer, Standing.Quarantined, "a flood"),
            $$"""{"event":"peer-judged","time":7,"peer":"{{Peer}}","standing":"quarantined","""
            + "\"reason\":\"a flood\"}"),
        (new NodeEvent.Rotated(News, Peer, Peer, new(Samples.Log, 3)),
            $$"""{"event":"rotated","time":7,"topic":"news","log":"{{Log}}","seq":3,"""
            + $"\"successor\":\"{Peer}\",\"author\":\"{Peer}\"}}"),
        (new NodeEvent.Erased(News, new(Samples.Log, 3), Entry.Id, Peer),
            $$"""{"event":"erased","time":7,"topic":"news","log":"{{Log}}","seq":3,"""
            + $"\"entry\":\"{Entry.Id}\",\"author\":\"{Peer}\"}}"),
        (new NodeEvent.KeyReplaced(Peer, Peer),
            $$"""{"event":"key-replaced","time":7,"successor":"{{Peer}}","author":"{{Peer}}"}"""),
        (new NodeEvent.Revoked(News, Samples.Log, 3, 2),
            $$"""{"event":"closed","time":7,"topic":"news","log":"{{Log}}","""
            + "\"kind\":\"revocation\",\"slot\":3,\"undelivered\":2}"),
        (new NodeEvent.TwinSeen(new("h:1", null, 5, 6, true)),
            """{"event":"twin","time":7,"address":"h:1"}"""),
        (new NodeEvent.TwinSeen(new("", Samples.Log, 5, 6, false)),
            $$"""{"event":"twin","time":7,"log":"{{Log}}"}"""),
        (new NodeEvent.ActorParked(News, "w", 3, "no"),
            """{"event":"actor-parked","time":7,"topic":"news","actor":"w","position":3,"""
            + "\"error\":\"no\"}"),
        (new NodeEvent.Attested(Peer, Peer, Actors.Trust.Weight.OfMillionths(500_000)),
            $$"""{"event":"attested","time":7,"author":"{{Peer}}","subject":"{{Peer}}","""
            + "\"weight\":0.5}"),
        (new NodeEvent.Missed(9), """{"event":"missed","time":7,"missed":9}"""),
    ];

    private static string Entered => $"\"time\":7,\"topic\":\"news\",\"log\":\"{Log}\","
        + $"\"seq\":3,\"entry\":\"{Entry.Id}\",\"payloads\":2";

    private static Entry End
    {
        get
        {
            var header = Entry.Header with { IsEnd = true, PayloadCount = 0 };
            var bytes = EntryFormat.Encode(header);
            return new(new(header, EntryId.Of(bytes), bytes, new byte[64]), default);
        }
    }

    [Fact]
    [Row("F4")]
    public void Each_event_has_a_stable_name_and_its_own_fields() => Assert.Equal(
        Table.Select(row => row.Json),
        Table.Select(row => JsonSerializer.Serialize(
            EventShaping.Shape(row.Happened, 7), EventJson.Shared.EventShape)));

    [Fact]
    [Row("F4")]
    public void No_event_of_the_library_is_without_a_name() => Assert.Equal(
        typeof(NodeEvent).GetNestedTypes().OrderBy(type => type.Name, StringComparer.Ordinal),
        Table.Select(row => row.Happened.GetType()).Distinct()
            .OrderBy(type => type.Name, StringComparer.Ordinal));
}
