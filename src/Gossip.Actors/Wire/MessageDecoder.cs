using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Field = Gossip.Actors.Wire.Proto.Frame.MessageOneofCase;

namespace Gossip.Actors.Wire;

/// <summary>
/// One frame into a message. What the sender itself states (rows, wants, a hello) is whole or
/// refused; what it only passes on (entries, headers, proofs) is dropped item by item.
/// </summary>
internal sealed class MessageDecoder(
    TopicNames? names, GossipSizes sizes, bool takesCompressed)
{
    private readonly ItemDecoder _items = new();
    private int _rowsLeft = WireLimits.RowsMax;
    private int _headersLeft = WireLimits.HeadersMax;

    public DecodeResult Decode(ReadOnlyMemory<byte> frame)
    {
        if (frame.Length > sizes.FrameBytesMax)
        {
            return Refuse(
                RefusalCode.FrameTooLarge,
                $"a frame of {frame.Length} bytes; at most {sizes.FrameBytesMax} are taken");
        }

        try
        {
            var (kind, body) = Open(Unpack(frame));
            return kind == Field.None
                ? Refuse(RefusalCode.MessageUnexpected, "a message of a kind unknown here")
                : Read(kind, body);
        }
        catch (UnnamedTopicException e)
        {
            return Refuse(e.Code, e.Message);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return Refuse(RefusalCode.FrameMalformed, e.Message);
        }
    }

    /// <summary>Nobody may be sent compressed frames before its hello said so.</summary>
    private ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> frame) =>
        !CompressedFrame.IsOne(frame) ? frame
        : takesCompressed && names is not null
        ? CompressedFrame.Open(frame, sizes.FrameBytesMax)
        : throw new FormatException("A compressed frame, which this side does not take.");

    /// <summary>Fields beside the one message may be added later; two messages may not.</summary>
    private static (Field Kind, ReadOnlyMemory<byte> Body) Open(ReadOnlyMemory<byte> frame)
    {
        if (frame.IsEmpty)
        {
            throw new FormatException("The frame is empty.");
        }

        var kind = Field.None;
        ReadOnlyMemory<byte> body = default;
        var reader = new WireReader(frame);
        while (reader.Next())
        {
            if (reader.Field is < (int)Field.Hello or > (int)Field.AntiEntropy)
            {
                continue;
            }

            if (kind != Field.None)
            {
                throw new FormatException("The frame holds two messages.");
            }

            (kind, body) = ((Field)reader.Field, reader.Bytes);
        }

        return (kind, body);
    }

    private DecodeResult.Read Read(Field kind, ReadOnlyMemory<byte> body)
    {
        GossipMessage message = kind switch
        {
            Field.Hello => SessionDecoder.Hello(body),
            Field.Goodbye => SessionDecoder.Goodbye(body),
            Field.Ping => new GossipMessage.Ping(SessionDecoder.Token(body)),
            Field.Pong => new GossipMessage.Pong(SessionDecoder.Token(body)),
            Field.Subscribe => new GossipMessage.Subscribe(SessionDecoder.Topic(body)),
            Field.Unsubscribe => new GossipMessage.Unsubscribe(SessionDecoder.Topic(body)),
            Field.Announcement => Announcement(body),
            Field.PullRequest => PullRequest(body),
            Field.PullResponse => PullResponse(body),
            Field.Heads => Heads(body),
            _ => AntiEntropy(body),
        };
        return new(message, _items.Dropped);
    }

    private GossipMessage.Announcement Announcement(ReadOnlyMemory<byte> body)
    {
        var topic = Resolve(body);
        var entries = ImmutableArray.CreateBuilder<Entry>();
        var proofs = ImmutableArray.CreateBuilder<ForkProof>();
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.Announcement.EntriesFieldNumber:
                    _items.TakeEntry(reader.Bytes, entries);
                    break;
                case Proto.Announcement.ProofsFieldNumber:
                    _items.TakeProof(reader.Bytes, proofs);
                    break;
            }
        }

        return new(topic, entries.DrainToImmutable(), proofs.DrainToImmutable());
    }

    private GossipMessage.PullRequest PullRequest(ReadOnlyMemory<byte> body)
    {
        var topic = Resolve(body);
        var request = 0L;
        var reader = new WireReader(body);
        var count = reader.Count(Proto.PullRequest.WantsFieldNumber);
        if (count > WireLimits.WantsMax)
        {
            throw new FormatException(
                $"A request of {count} wants; at most {WireLimits.WantsMax} are taken.");
        }

        var wants = ImmutableArray.CreateBuilder<Want>(count);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.PullRequest.RequestFieldNumber:
                    request = checked((long)reader.Varint);
                    break;
                case Proto.PullRequest.WantsFieldNumber:
                    wants.Add(RowDecoder.Want(reader.Bytes, ref _headersLeft));
                    break;
            }
        }

        return new(topic, request, wants.DrainToImmutable());
    }

    private GossipMessage.PullResponse PullResponse(ReadOnlyMemory<byte> body)
    {
        var topic = Resolve(body);
        var request = 0L;
        var entries = ImmutableArray.CreateBuilder<Entry>();
        var headers = ImmutableArray.CreateBuilder<SignedHeader>();
        var proofs = ImmutableArray.CreateBuilder<ForkProof>();
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.PullResponse.RequestFieldNumber:
                    request = checked((long)reader.Varint);
                    break;
                case Proto.PullResponse.EntriesFieldNumber:
                    _items.TakeEntry(reader.Bytes, entries);
                    break;
                case Proto.PullResponse.HeadersFieldNumber:
                    _items.TakeHeader(reader.Bytes, headers);
                    break;
                case Proto.PullResponse.ProofsFieldNumber:
                    _items.TakeProof(reader.Bytes, proofs);
                    break;
            }
        }

        return new(
            topic,
            request,
            entries.DrainToImmutable(),
            headers.DrainToImmutable(),
            proofs.DrainToImmutable());
    }

    private GossipMessage.Heads Heads(ReadOnlyMemory<byte> body) =>
        new(Resolve(body), RowDecoder.Rows(body, Proto.Heads.RowsFieldNumber, ref _rowsLeft));

    private GossipMessage.AntiEntropy AntiEntropy(ReadOnlyMemory<byte> body)
    {
        var (round, isInitiator, step, summary) = (0L, false, 0UL, default(Hash?));
        var reader = new WireReader(body);
        var count = reader.Count(Proto.AntiEntropy.TopicsFieldNumber);
        if (count > sizes.TopicsPerPeerMax)
        {
            throw new FormatException(
                $"A round over {count} topics; at most {sizes.TopicsPerPeerMax} are taken.");
        }

        var topics = ImmutableArray.CreateBuilder<TopicDigest>(count);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.AntiEntropy.RoundFieldNumber:
                    round = checked((long)reader.Varint);
                    break;
                case Proto.AntiEntropy.InitiatorFieldNumber:
                    isInitiator = reader.Varint != 0;
                    break;
                case Proto.AntiEntropy.StepFieldNumber:
                    step = reader.Varint;
                    break;
                case Proto.AntiEntropy.SummaryFieldNumber:
                    summary = Hash.Read(reader.Bytes.Span);
                    break;
                case Proto.AntiEntropy.TopicsFieldNumber:
                    AddDigest(reader.Bytes, topics);
                    break;
            }
        }

        return step is >= (ulong)RoundStep.Summary and <= (ulong)RoundStep.Closing
            ? new(
                round,
                isInitiator,
                (RoundStep)step,
                summary ?? throw new FormatException("A round's message needs a summary."),
                topics.DrainToImmutable())
            : throw new FormatException($"A round has no step {step}.");
    }

    /// <summary>
    /// A topic that is not carried here (any more) leaves the other topics alone.
    /// </summary>
    private void AddDigest(
        ReadOnlyMemory<byte> body,
        ImmutableArray<TopicDigest>.Builder topics)
    {
        TopicId topic;
        try
        {
            topic = Resolve(body);
        }
        catch (UnnamedTopicException e)
        {
            _items.Drop(e.Code, e.Message);
            return;
        }

        topics.Add(RowDecoder.Digest(topic, body, ref _rowsLeft));
    }

    /// <summary>Every message about a topic names it in its first field.</summary>
    private TopicId Resolve(ReadOnlyMemory<byte> body)
    {
        var token = SessionDecoder.Topic(body);
        return names is null
            ? throw new UnnamedTopicException(
                RefusalCode.MessageUnexpected, "a topic before the hello")
            : names.TryResolve(token, out var topic)
            ? topic
            : throw new UnnamedTopicException(
                RefusalCode.TopicUnknown, $"topic token {token.Hash}");
    }

    private static DecodeResult.Refused Refuse(RefusalCode code, string detail) =>
        new(new Effect.Refuse(code, detail));

    private sealed class UnnamedTopicException(RefusalCode code, string message)
        : Exception(message)
    {
        public RefusalCode Code => code;
    }
}
