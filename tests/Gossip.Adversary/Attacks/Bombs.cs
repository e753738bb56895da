using System.Security.Cryptography;
using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Gossip.Adversary.Tls;
using Gossip.Tests.Hostile;
using Google.Protobuf;

namespace Gossip.Adversary.Attacks;

/// <summary>
/// Frames of 1 MiB made of empty items: a decoder that makes an object of each takes thirty to a
/// hundred times that.
/// </summary>
internal static class Bombs
{
    private const int Lanes = 4;
    private const int ItemsBytes = (1 << 20) - 4096;

    public static Task RunAsync(AttackOrder order, CancellationToken stop) =>
        Sessions.RunAsync(order, Lanes, async peer =>
        {
            foreach (var bomb in All(peer))
            {
                await peer.TrySendAsync(bomb);
                order.Count();
                if (peer.IsEnded)
                {
                    return;
                }
            }
        }, stop);

    /// <summary>
    /// Those that end the session come last, in any order: the first of them is the last of all.
    /// </summary>
    public static IEnumerable<byte[]> All(HostilePeer peer)
    {
        var topic = peer.Names!.TokenOf(HostilePeer.Topic).Hash.ToArray();
        yield return Entry(peer, Fill([0x0a, 0]));
        yield return Entry(peer, Fill([0x0a, 2, 0x12, 0]));
        yield return Message(peer, Header(Fill([0x32, 0], 60_000)));
        // Announcement, PullRequest, PullResponse, Heads, AntiEntropy: their repeated fields.
        foreach (var (frame, field) in new[]
        {
            (7, 3), (7, 2), (8, 3), (9, 3), (9, 4), (9, 5), (10, 2), (11, 5),
        }.OrderBy(_ => RandomNumberGenerator.GetInt32(100)))
        {
            yield return Field(frame, [.. Field(1, topic), .. Fill([(byte)(field << 3 | 2), 0])]);
        }
    }

    private static byte[] Fill(byte[] item, int bytes = ItemsBytes) =>
        [.. Enumerable.Repeat(item, bytes / item.Length).SelectMany(i => i)];

    private static byte[] Field(int number, byte[] body)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag((uint)(number << 3 | 2));
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(body));
        output.Flush();
        return stream.ToArray();
    }

    /// <summary>A signed entry whose payload list is nothing but items.</summary>
    private static byte[] Entry(HostilePeer peer, byte[] payloadList)
    {
        var list = payloadList[..Math.Min(payloadList.Length, Limits.PayloadListBytesMax)];
        var entry = new Forge(peer.Keys).Write(1, EntryId.None, list);
        return MessageCodec.Encode(
            new GossipMessage.Announcement(HostilePeer.Topic, [entry], []), peer.Names);
    }

    private static byte[] Header(byte[] items) => Spell.Join(
        new Actors.Wire.Proto.Header { Seq = 1 }.ToByteArray(), items);

    private static byte[] Message(HostilePeer peer, byte[] header) => new Actors.Wire.Proto.Frame
    {
        Announcement = new()
        {
            Topic = ByteString.CopyFrom(peer.Names!.TokenOf(HostilePeer.Topic).Hash.ToArray()),
            Entries =
            {
                Enumerable.Repeat(
                    new Actors.Wire.Proto.Entry
                    {
                        Header = ByteString.CopyFrom(header),
                        Signature = ByteString.CopyFrom(new byte[64]),
                    },
                    15),
            },
        },
    }.ToByteArray();
}
