using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Tests.Wire;

/// <summary>What a peer may claim about logs.</summary>
public sealed class ClaimTests
{
    private static readonly ByteString Token =
        ByteString.CopyFrom(Samples.Names().TokenOf(Samples.Topic).Hash.ToArray());

    [Theory]
    [InlineData("7 1 12 1")] // next to the head
    [InlineData("12 0")] // empty
    [InlineData("0 5")] // before the first slot
    [InlineData("20 1 12 1")] // not sorted
    [InlineData("12 5 14 1")] // one inside another
    [InlineData("12 2 14 1")] // adjacent
    [InlineData("12 9007199254740992")] // beyond the last slot
    [InlineData("18446744073709551615 18446744073709551615")]
    public void Islands_that_no_log_can_have_are_refused(string ranges)
    {
        var row = Row();
        var numbers = ranges.Split(' ').Select(ulong.Parse);
        row.Islands.AddRange(
            numbers.Chunk(2).Select(r => new Proto.SlotRange { First = r[0], Count = r[1] }));

        Assert.Equal(RefusalCode.FrameMalformed, Refusal(Heads(row)).Code);
    }

    [Fact]
    public void Rows_that_claim_too_much_are_refused()
    {
        Action<Proto.Row>[] spoilt =
        [
            r => r.Islands.AddRange(Enumerable.Range(0, WireLimits.RangesMax + 1).Select(i =>
                new Proto.SlotRange { First = 100 + 2 * (ulong)i, Count = 1 })),
            r => r.Floor = 0,
            r => r.Floor = 8,
            r => r.Head = (1UL << 53) + 1,
            r => r.HeadIdPrefix = ByteString.Empty,
            r => r.Digest = ByteString.CopyFrom(new byte[15]),
            r => r.Closure = ulong.MaxValue,
            r => r.Log = null,
        ];
        Assert.IsType<DecodeResult.Read>(
            MessageCodec.Decode(Heads(Row()), Samples.Names(), Samples.Sizes));
        foreach (var spoil in spoilt)
        {
            var row = Row();
            spoil(row);
            Assert.Equal(RefusalCode.FrameMalformed, Refusal(Heads(row)).Code);
        }
    }

    [Fact]
    public void A_want_of_too_many_headers_is_refused()
    {
        var want = new Proto.Want { Log = Row().Log };
        want.Headers.AddRange(Enumerable.Repeat(1UL, WireLimits.HeadersMax + 1));
        var request = new Proto.PullRequest { Topic = Token };
        request.Wants.Add(want);

        Assert.Equal(
            RefusalCode.FrameMalformed,
            Refusal(new Proto.Frame { PullRequest = request }.ToByteArray()).Code);
    }

    /// <summary>Floor 1, head 6.</summary>
    private static Proto.Row Row() => new()
    {
        Log = EntryFormat.Encode(new Samples(1).Log()),
        Floor = 1,
        Head = 6,
        HeadIdPrefix = ByteString.CopyFrom(new byte[16]),
        Digest = ByteString.CopyFrom(new byte[16]),
    };

    private static byte[] Heads(Proto.Row row)
    {
        var heads = new Proto.Heads { Topic = Token };
        heads.Rows.Add(row);
        return new Proto.Frame { Heads = heads }.ToByteArray();
    }

    private static Effect.Refuse Refusal(ReadOnlyMemory<byte> frame) =>
        Assert.IsType<DecodeResult.Refused>(
            MessageCodec.Decode(frame, Samples.Names(), Samples.Sizes)).Refusal;
}
