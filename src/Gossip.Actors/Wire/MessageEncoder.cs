using System.Diagnostics;
using Gossip.Actors.Protocol;
using Google.Protobuf;

namespace Gossip.Actors.Wire;

/// <summary>Messages into frames; entries are written as the bytes their authors made.</summary>
internal static class MessageEncoder
{
    public static byte[] Encode(GossipMessage message, TopicNames? names) => (message switch
    {
        GossipMessage.Hello hello => new Proto.Frame { Hello = Of(hello) },
        GossipMessage.Goodbye goodbye => new Proto.Frame { Goodbye = Of(goodbye) },
        GossipMessage.Ping(var token) => new Proto.Frame { Ping = new() { Token = token } },
        GossipMessage.Pong(var token) => new Proto.Frame { Pong = new() { Token = token } },
        GossipMessage.Subscribe(var token) => new Proto.Frame
        {
            Subscribe = new() { Topic = EntryFormat.ToBytes(token.Hash) },
        },
        GossipMessage.Unsubscribe(var token) => new Proto.Frame
        {
            Unsubscribe = new() { Topic = EntryFormat.ToBytes(token.Hash) },
        },
        GossipMessage.Announcement announcement => Of(announcement, names),
        GossipMessage.PullRequest request => Of(request, names),
        GossipMessage.PullResponse response => Of(response, names),
        GossipMessage.Heads heads => Of(heads, names),
        GossipMessage.AntiEntropy step => Of(step, names),
        _ => throw new UnreachableException(),
    }).ToByteArray();

    private static Proto.Hello Of(GossipMessage.Hello hello) => new()
    {
        Version = (uint)hello.Version,
        Network = ByteString.CopyFromUtf8(hello.Network),
        Key = ByteString.CopyFrom(hello.From.Key),
        Instance = hello.Instance,
        Nonce = EntryFormat.ToBytes(hello.Nonce.Value),
        ListenAddress = ByteString.CopyFromUtf8(hello.ListenAddress),
        FrameBytesMax = (uint)hello.FrameBytesMax,
        TakesCompressed = hello.TakesCompressed,
    };

    /// <summary>A character takes three bytes at most, so a cut reason fits.</summary>
    private static Proto.Goodbye Of(GossipMessage.Goodbye goodbye) => new()
    {
        Code = (uint)goodbye.Code,
        Reason = ByteString.CopyFromUtf8(
            goodbye.Reason[..Math.Min(goodbye.Reason.Length, WireLimits.ReasonBytesMax / 3)]),
    };

    private static Proto.Frame Of(GossipMessage.Announcement announcement, TopicNames? names)
    {
        var message = new Proto.Announcement { Topic = Token(announcement.Topic, names) };
        message.Entries.AddRange(announcement.Entries.Select(Of));
        message.Proofs.AddRange(announcement.Proofs.Select(Of));
        return new() { Announcement = message };
    }

    private static Proto.Frame Of(GossipMessage.PullRequest request, TopicNames? names)
    {
        var message = new Proto.PullRequest
        {
            Topic = Token(request.Topic, names),
            Request = (ulong)request.Request,
        };
        message.Wants.AddRange(request.Wants.Select(Of));
        return new() { PullRequest = message };
    }

    private static Proto.Frame Of(GossipMessage.PullResponse response, TopicNames? names)
    {
        var message = new Proto.PullResponse
        {
            Topic = Token(response.Topic, names),
            Request = (ulong)response.Request,
        };
        message.Entries.AddRange(response.Entries.Select(Of));
        message.Headers.AddRange(response.Headers.Select(Of));
        message.Proofs.AddRange(response.Proofs.Select(Of));
        return new() { PullResponse = message };
    }

    private static Proto.Frame Of(GossipMessage.Heads heads, TopicNames? names)
    {
        var message = new Proto.Heads { Topic = Token(heads.Topic, names) };
        message.Rows.AddRange(heads.Rows.Select(Of));
        return new() { Heads = message };
    }

    private static Proto.Frame Of(GossipMessage.AntiEntropy step, TopicNames? names)
    {
        var message = new Proto.AntiEntropy
        {
            Round = (ulong)step.Round,
            Initiator = step.IsInitiator,
            Step = (uint)step.Step,
            Summary = EntryFormat.ToBytes(step.Summary),
        };
        foreach (var digest in step.Topics)
        {
            var topic = new Proto.TopicDigest
            {
                Topic = Token(digest.Topic, names),
                Root = EntryFormat.ToBytes(digest.Root),
                HasRows = digest.HasRows,
                Last = digest.IsLast,
            };
            topic.Rows.AddRange(digest.Rows.Select(Of));
            message.Topics.Add(topic);
        }

        return new() { AntiEntropy = message };
    }

    private static Proto.Entry Of(Entry entry) => new()
    {
        Header = UnsafeByteOperations.UnsafeWrap(entry.SignedHeader.HeaderBytes),
        Signature = UnsafeByteOperations.UnsafeWrap(entry.SignedHeader.Signature),
        Payloads = UnsafeByteOperations.UnsafeWrap(entry.PayloadList),
    };

    private static Proto.SignedHeader Of(SignedHeader header) => new()
    {
        Header = UnsafeByteOperations.UnsafeWrap(header.HeaderBytes),
        Signature = UnsafeByteOperations.UnsafeWrap(header.Signature),
    };

    private static Proto.ForkProof Of(ForkProof proof) => new()
    {
        First = Of(proof.First),
        Second = Of(proof.Second),
    };

    private static Proto.Want Of(Want want)
    {
        var message = new Proto.Want
        {
            Log = EntryFormat.Encode(want.Log),
            Proof = want.WantsProof,
        };
        message.Ranges.AddRange(Of(want.Entries));
        message.Headers.AddRange(want.Headers.Take(WireLimits.HeadersMax).Select(s => (ulong)s));
        return message;
    }

    private static Proto.Row Of(Row row)
    {
        var message = new Proto.Row
        {
            Log = EntryFormat.Encode(row.Log),
            Floor = (ulong)row.Holdings.Floor,
            Head = (ulong)row.Holdings.Head,
            HeadIdPrefix = row.Holdings.Head < row.Holdings.Floor
                ? ByteString.Empty
                : EntryFormat.ToBytes(row.HeadIdPrefix),
            Closure = (ulong)(row.ClosedAt ?? 0),
            Digest = EntryFormat.ToBytes(row.Digest),
        };
        message.Islands.AddRange(Of(row.Holdings.Islands));
        return message;
    }

    private static IEnumerable<Proto.SlotRange> Of(IntervalSet set) =>
        from range in Enumerable.Take(set, WireLimits.RangesMax)
        select new Proto.SlotRange { First = (ulong)range.First, Count = (ulong)range.Count };

    private static ByteString Token(TopicId topic, TopicNames? names) => names is null
        ? throw new InvalidOperationException("Before the peer's hello no topic can be named.")
        : EntryFormat.ToBytes(names.TokenOf(topic).Hash);
}
