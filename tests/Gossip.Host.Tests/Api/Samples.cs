using System.Collections.Immutable;
using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Host.Tests.Api;

internal static class Samples
{
    public static readonly LogId Log = new(
        Did.FromKey([2, .. new byte[32]]), 7, Admission.None);

    public static DeliveredEntry Delivered(long position, params string[] payloads) => Delivered(
        position, [.. payloads.Select(text => new Payload(Encoding.UTF8.GetBytes(text)))]);

    public static DeliveredEntry Delivered(long position, ImmutableArray<Payload> payloads)
    {
        var list = EntryFormat.EncodePayloads(payloads);
        var header = new Header
        {
            Network = "test",
            Topic = TopicId.OfPublic(new("news")),
            Log = Log,
            Seq = position,
            Prev = EntryId.None,
            Clock = [],
            Time = 1,
            PayloadCount = payloads.Length,
            PayloadBytes = list.Length,
            PayloadHash = Hash.OfBytes(list),
        };
        var bytes = EntryFormat.Encode(header);
        return new(position, new(
            new(header, EntryId.Of(bytes), bytes, new byte[SignedHeader.SignatureBytes]), list));
    }
}
