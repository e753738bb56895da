using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Tests.Hostile;

/// <summary>Can anybody but its author change an entry, or put another in its place?</summary>
public sealed class AlteredEntryTests
{
    private static readonly Forge Stranger = new(EcKeys.Generate());

    public static TheoryData<string, string> Alterations => new()
    {
        { "author", "signature-wrong" },
        { "incarnation", "signature-wrong" },
        { "network", "entry-foreign" },
        { "topic", "entry-foreign" },
        { "admission", "access-refused" },
        { "seq", "signature-wrong" },
        { "prev", "signature-wrong" },
        { "clock", "signature-wrong" },
        { "time", "signature-wrong" },
        { "payload count", "payload-mismatch" },
        { "payload count zero", "header-malformed" },
        { "payload bytes", "payload-mismatch" },
        { "payload hash", "payload-mismatch" },
        { "payload data", "payload-mismatch" },
        { "signature", "signature-wrong" },
        { "signature of zeros", "signature-wrong" },
        { "signature of another", "signature-wrong" },
    };

    [Theory]
    [MemberData(nameof(Alterations))]
    [Row("D2")]
    [Row("D3")]
    public async Task An_altered_entry_is_refused_and_does_not_take_the_slot(
        string field, string refusal)
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        // Of another author: a peer that alters what it signed itself is not heard again.
        var forge = new Forge(EcKeys.Generate());
        var chain = forge.Chain(3);
        var altered = Alter(chain[1], field, forge);

        await peer.PushAsync(chain[0], altered);
        await siege.CountedAsync($"refused.{refusal}", 1);
        await Siege.HoldsAsync(siege.Target, chain[0].Id);
        if (altered.Id != chain[1].Id)
        {
            Assert.False(await Siege.HasAsync(siege.Target, altered.Id));
        }

        Assert.False(await Siege.HasAsync(siege.Target, chain[1].Id));
        await peer.PushAsync(chain[1], chain[2]);
        foreach (var entry in chain)
        {
            await Siege.HoldsAsync(siege.Honest, entry.Id);
        }

        var held = await siege.Honest.FindAsync(chain[1].Id, CancellationToken.None);
        Assert.True(held!.PayloadList.Span.SequenceEqual(chain[1].PayloadList.Span));
        await siege.GoesOnAsync();
    }

    private static Entry Alter(Entry entry, string field, Forge forge) => field switch
    {
        "author" => Forge.Alter(entry, h => h with { Log = Stranger.Log }),
        "incarnation" => Forge.Alter(
            entry, h => h with { Log = h.Log with { Incarnation = 2 } }),
        "network" => forge.Write(2, entry.Header.Prev, "x", h => h with { Network = "other" }),
        "topic" => forge.Write(
            2, entry.Header.Prev, "x", h => h with { Topic = TopicId.OfPublic(new("other")) }),
        "admission" => forge.Write(
            2, entry.Header.Prev, "x",
            h => h with { Log = h.Log with { Admission = new(1, entry.Id) } }),
        "seq" => Forge.Alter(entry, h => h with { Seq = 7 }),
        "prev" => Forge.Alter(
            forge.Write(9, entry.Id, "far"), h => h with { Prev = entry.Header.Prev }),
        "clock" => Forge.Alter(entry, h => h with { Clock = [new(Stranger.Log, 1, 1)] }),
        "time" => Forge.Alter(entry, h => h with { Time = h.Time + 1 }),
        "payload count" => forge.Write(
            2, entry.Header.Prev, "x", h => h with { PayloadCount = 2 }),
        "payload count zero" => forge.Write(
            2, entry.Header.Prev, "x", h => h with { PayloadCount = 0 }),
        "payload bytes" => forge.Write(
            2, entry.Header.Prev, "x", h => h with { PayloadBytes = h.PayloadBytes + 1 }),
        "payload hash" => forge.Write(
            2, entry.Header.Prev, "x", h => h with { PayloadHash = Hash.OfBytes([1]) }),
        "payload data" => entry with
        {
            PayloadList = EntryFormat.EncodePayloads([new(Encoding.UTF8.GetBytes("entry 3"))]),
        },
        "signature" => Forge.Resign(entry, Flip(entry.SignedHeader.Signature)),
        "signature of zeros" => Forge.Resign(entry, new byte[SignedHeader.SignatureBytes]),
        _ => Forge.Resign(
            entry, Stranger.Sign(entry.Header).Signature.ToArray()),
    };

    private static byte[] Flip(ReadOnlyMemory<byte> signature)
    {
        var flipped = signature.ToArray();
        flipped[17] ^= 1;
        return flipped;
    }
}
