using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Tests.Nodes;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Tests.Hostile;

/// <summary>What if an author signs nonsense? Only its own log suffers.</summary>
public sealed class AbsurdEntryTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData((1UL << 53) + 1)]
    [InlineData(ulong.MaxValue)]
    public async Task A_seq_outside_its_range_is_no_header(ulong seq)
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var forge = new Forge(peer.Keys);
        var entry = forge.Write(2, forge.First().Id, "far away");
        var header = Proto.Header.Parser.ParseFrom(entry.SignedHeader.HeaderBytes.Span);
        header.Seq = seq;
        await PushRawAsync(peer, Sign(peer.Keys, header.ToByteArray(), entry.PayloadList));
        await siege.CountedAsync("refused.header-malformed", 1);
        await peer.FlushAsync();
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("C7")]
    public async Task Headers_and_entries_beyond_their_limits_are_dropped_alone()
    {
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Sizes = new()
            {
                FrameBytesMax = 4 << 20,
                CreditBytes = 8 << 20,
                SendQueueBytesMax = 8 << 20,
            },
        });
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var forge = new Forge(peer.Keys);
        var first = forge.First();
        var crowded = forge.Write(2, first.Id, "crowded", h => h with
        {
            Clock = [.. Enumerable.Range(1, Limits.ClockComponentsMax + 1).Select(i =>
                new Dependency(new(Wire(i), 1, Admission.None), 1, 1))],
        });
        var wide = Proto.Header.Parser.ParseFrom(first.SignedHeader.HeaderBytes.Span);
        wide.Network = ByteString.CopyFrom(new byte[Limits.HeaderBytesMax]);
        var large = forge.Write(2, first.Id, new byte[Limits.EntryBytesMax]);

        await PushRawAsync(
            peer,
            Item(crowded),
            Sign(peer.Keys, wide.ToByteArray(), first.PayloadList),
            Item(large),
            Item(first));
        await siege.CountedAsync("refused.header-malformed", 2);
        await siege.CountedAsync("refused.entry-too-large", 1);
        await Siege.HoldsAsync(siege.Honest, first.Id);
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("A3")]
    [Row("A12")]
    public async Task A_clock_beyond_anything_that_exists_holds_up_only_its_author()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var unknown = new Forge(EcKeys.Generate()).Log;
        var known = (await Cluster.PublishAsync(siege.Honest, "known"))[0].Dot.Log;
        var forge = new Forge(peer.Keys);
        var vain = forge.Write(1, EntryId.None, "from the future", h => h with
        {
            Clock = [new(known, Dot.SeqMax, 1), new(unknown, Dot.SeqMax, 1)],
        });

        await peer.PushAsync(vain);
        await Siege.HoldsAsync(siege.Honest, vain.Id);
        await siege.GoesOnAsync();
        foreach (var node in new[] { siege.Target, siege.Honest })
        {
            await Cluster.UntilAsync(
                async () => (await Cluster.StatusAsync(node)).Blocked.Any(b =>
                    b.Entry == vain.Dot && b.WaitsFor == new Dot(known, Dot.SeqMax)),
                () => "the entry is not listed as blocked");
            Assert.DoesNotContain("from the future", await Cluster.ReadAllAsync(node));
            var row = (await Cluster.StatusAsync(node)).Rows.Single(r => r.Log == known);
            Assert.InRange(row.Holdings.Last, 1, 100);
        }
    }

    [Fact]
    [Row("A3")]
    public async Task The_highest_slot_can_be_held_repeated_and_forked_without_harm()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var forge = new Forge(peer.Keys);
        var top = forge.Write(Dot.SeqMax, forge.First().Id, "top");
        var other = forge.Write(Dot.SeqMax, forge.First().Id, "other top");

        await peer.PushAsync(top, top, other);
        await siege.CountedAsync("entries-duplicate", 1);
        await siege.CountedAsync("logs-closed", 1);
        await Cluster.UntilAsync(
            async () => (await Cluster.StatusAsync(siege.Honest)).Closures.Any(),
            () => "no closure at the honest node");
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Sparse_slots_are_kept_as_islands_and_delivered_never()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var forge = new Forge(peer.Keys);
        var sparse = Enumerable.Range(1, 500)
            .Select(i => forge.Write(i * 1_000_003L, forge.First().Id, $"island {i}"))
            .ToArray();
        await peer.PushAsync(sparse);
        await Siege.HoldsAsync(siege.Honest, sparse[^1].Id);
        await Siege.HoldsAsync(siege.Honest, sparse[0].Id);
        await siege.GoesOnAsync();
    }

    private static Did Wire(int number)
    {
        var key = new byte[Did.KeyBytes];
        key[0] = 2;
        BitConverter.TryWriteBytes(key.AsSpan(1), number);
        return Did.FromKey(key);
    }

    private static Task PushRawAsync(HostilePeer peer, params Proto.Entry[] entries)
    {
        var message = new Proto.Announcement
        {
            Topic = ByteString.CopyFrom(
                peer.Names!.TokenOf(HostilePeer.Topic).Hash.ToArray()),
        };
        message.Entries.AddRange(entries);
        return peer.SendAsync(new Proto.Frame { Announcement = message }.ToByteArray());
    }

    private static Proto.Entry Item(Entry entry) => new()
    {
        Header = ByteString.CopyFrom(entry.SignedHeader.HeaderBytes.Span),
        Signature = ByteString.CopyFrom(entry.SignedHeader.Signature.Span),
        Payloads = ByteString.CopyFrom(entry.PayloadList.Span),
    };

    private static Proto.Entry Sign(EcKeys keys, byte[] header, ReadOnlyMemory<byte> payloads) =>
        new()
        {
            Header = ByteString.CopyFrom(header),
            Signature = ByteString.CopyFrom(keys.Sign(EntryId.Of(header))),
            Payloads = ByteString.CopyFrom(payloads.Span),
        };
}
