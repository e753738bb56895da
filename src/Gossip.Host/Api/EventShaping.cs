using System.Diagnostics;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>What is each event called outside, and what does it say?</summary>
internal static class EventShaping
{
    public static EventShape Shape(NodeEvent happened, long time) => happened switch
    {
        NodeEvent.Created(var topic, var dot, var entry, var payloads) =>
            Entered(new("created", time), topic, dot, entry, payloads),
        NodeEvent.Received(var topic, var dot, var entry, var payloads) =>
            Entered(new("received", time), topic, dot, entry, payloads),
        NodeEvent.PeerAdded(var peer, var address) => new("peer-added", time)
        {
            Peer = peer.ToString(),
            Address = address,
        },
        NodeEvent.PeerRemoved(var peer, var address, var reason) => new("peer-removed", time)
        {
            Peer = peer.ToString(),
            Address = address,
            Reason = reason,
        },
        NodeEvent.Exchanged(var result) => new("exchanged", time)
        {
            Peer = result.Did,
            Equal = result.IsEqual,
            Outcome = result.Outcome,
            Sent = result.Sent,
            Received = result.Received,
            Seconds = result.Seconds,
        },
        NodeEvent.Closed(var topic, var closure, var undelivered) => new("closed", time)
        {
            Topic = topic.Value,
            Log = Shaping.Name(closure.Proof.First.Header.Log),
            Slot = closure.Slot,
            Kind = Shaping.Kind(closure.Proof),
            Undelivered = undelivered,
        },
        NodeEvent.Rotated(var topic, var old, var next, var slot) => new("rotated", time)
        {
            Topic = topic.Value,
            Author = old.ToString(),
            Successor = next.ToString(),
            Log = Shaping.Name(slot.Log),
            Seq = slot.Seq,
        },
        NodeEvent.Erased(var topic, var dot, var entry, var by) => new("erased", time)
        {
            Topic = topic.Value,
            Log = Shaping.Name(dot.Log),
            Seq = dot.Seq,
            Entry = entry.ToString(),
            Author = by.ToString(),
        },
        NodeEvent.KeyReplaced(var old, var next) => new("key-replaced", time)
        {
            Author = old.ToString(),
            Successor = next.ToString(),
        },
        NodeEvent.Revoked(var topic, var log, var from, var undelivered) => new("closed", time)
        {
            Topic = topic.Value,
            Log = Shaping.Name(log),
            Slot = from,
            Kind = "revocation",
            Undelivered = undelivered,
        },
        NodeEvent.PartitionSuspected(var peer, var since) => new("partition-suspected", time)
        {
            Peer = peer.ToString(),
            SilentSince = since,
        },
        NodeEvent.PartitionHealed(var peer, var after) => new("partition-healed", time)
        {
            Peer = peer.ToString(),
            Seconds = after.TotalSeconds,
        },
        NodeEvent.PeerJudged(var peer, var standing, var reason) => new("peer-judged", time)
        {
            Peer = peer.ToString(),
            Standing = PeerShape.Spell(standing),
            Reason = reason,
        },
        NodeEvent.TwinSeen(var twin) => new("twin", time)
        {
            Address = twin.Address.Length > 0 ? twin.Address : null,
            Log = twin.Log is { } log ? Shaping.Name(log) : null,
        },
        NodeEvent.ActorParked(var topic, var name, var position, var error) =>
            new("actor-parked", time)
            {
                Topic = topic.Value,
                Actor = name,
                Position = position,
                Error = error,
            },
        NodeEvent.Attested(var author, var subject, var weight) => new("attested", time)
        {
            Author = author.ToString(),
            Subject = subject.ToString(),
            Weight = weight.Value,
        },
        NodeEvent.Missed(var events) => new("missed", time) { Missed = events },
        _ => throw new UnreachableException(
            $"BUG! Nobody names {happened.GetType().Name}."),
    };

    private static EventShape Entered(
        EventShape shape, TopicName topic, Dot dot, EntryId entry, int payloads)
    {
        return shape with
        {
            Topic = topic.Value,
            Log = Shaping.Name(dot.Log),
            Seq = dot.Seq,
            Entry = entry.ToString(),
            Payloads = payloads,
        };
    }
}
