using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Tests.Wire;

/// <summary>
/// What does the most that a frame may hold cost? Never more than four times its bytes and 64 KiB,
/// whatever a peer makes of them.
/// </summary>
[Row("C7")]
public sealed class CostTests
{
    private static readonly ByteString Token =
        ByteString.CopyFrom(Samples.Names().TokenOf(Samples.Topic).Hash.ToArray());

    private static readonly Proto.Log Log = new() { Author = ByteString.CopyFrom(Key()) };

    [Fact]
    public void As_many_of_the_smallest_rows_as_are_taken_stay_cheap()
    {
        var row = Row();
        row.Islands.Add(new Proto.SlotRange { First = 2, Count = 1 });
        var heads = new Proto.Heads { Topic = Token };
        heads.Rows.AddRange(Enumerable.Repeat(row, WireLimits.RowsMax));
        Taken(new Proto.Frame { Heads = heads });
        heads.Rows.Add(row);
        Refused(new Proto.Frame { Heads = heads }, $"More than {WireLimits.RowsMax} rows");
    }

    [Fact]
    public void Rows_of_several_topics_are_counted_together()
    {
        var row = Row();
        var hash = ByteString.CopyFrom(new byte[32]);
        var digest = new Proto.TopicDigest { Topic = Token, Root = hash };
        digest.Rows.AddRange(Enumerable.Repeat(row, WireLimits.RowsMax / 2));
        var round = new Proto.AntiEntropy { Step = 3, Summary = hash, Topics = { digest, digest } };
        Taken(new Proto.Frame { AntiEntropy = round });
        round.Topics[0].Rows.Add(row);
        Refused(new Proto.Frame { AntiEntropy = round }, $"More than {WireLimits.RowsMax} rows");
    }

    [Fact]
    public void As_many_of_the_smallest_wants_as_are_taken_stay_cheap()
    {
        var want = new Proto.Want { Log = Log, Headers = { 1 } };
        want.Ranges.Add(new Proto.SlotRange { First = 1, Count = 1 });
        var request = new Proto.PullRequest { Topic = Token };
        request.Wants.AddRange(Enumerable.Repeat(want, WireLimits.WantsMax));
        Taken(new Proto.Frame { PullRequest = request });
        request.Wants.Add(want);
        Refused(new Proto.Frame { PullRequest = request }, $"at most {WireLimits.WantsMax}");
    }

    [Fact]
    public void A_list_of_one_byte_numbers_stays_cheap()
    {
        var want = new Proto.Want { Log = Log };
        want.Headers.AddRange(Enumerable.Repeat(1UL, WireLimits.HeadersMax));
        var request = new Proto.PullRequest { Topic = Token, Wants = { want } };
        Taken(new Proto.Frame { PullRequest = request });
        request.Wants.Add(new Proto.Want { Log = Log, Headers = { 1 } });
        Refused(new Proto.Frame { PullRequest = request }, $"More than {WireLimits.HeadersMax}");
    }

    [Fact]
    public void The_largest_clock_stays_cheap()
    {
        var header = Proto.Header.Parser.ParseFrom(
            new Samples(1).Entry().SignedHeader.HeaderBytes.Span);
        header.Clock.Clear();
        header.Clock.AddRange(Enumerable.Repeat(
            new Proto.ClockComponent
            {
                Log = Log,
                Seq = 1,
                IdPrefix = ByteString.CopyFrom(new byte[16]),
            },
            Limits.ClockComponentsMax));
        var bytes = header.ToByteArray();
        Assert.InRange(
            Allocated(() => Assert.True(EntryFormat.TryDecodeHeader(bytes, out _))),
            0, 4L * bytes.Length);
    }

    [Fact]
    public void To_count_payloads_costs_nothing_whatever_headers_they_have()
    {
        var bytes = EntryFormat.EncodePayloads(Enumerable.Repeat(
            new Payload(
                new byte[] { 1 },
                [KeyValuePair.Create("a", "b"), KeyValuePair.Create("c", "d")]),
            Limits.PayloadsPerEntryMax));
        var count = 0;
        Assert.Equal(0, Allocated(() => count = PayloadCodec.Count(bytes)));
        Assert.Equal(Limits.PayloadsPerEntryMax, count);
    }

    [Fact]
    public void The_longest_revocation_stays_cheap()
    {
        var author = Did.FromKey(Key());
        var log = new LastSlot(new(author, 0, Admission.None), 1);
        var bytes = PolicyFormat.Encode(new PolicyChange.Revocation(
            author, [], [.. Enumerable.Repeat(log, PolicyChange.Revocation.LogsMax)]));
        Assert.InRange(
            Allocated(() => Assert.True(PolicyFormat.TryDecode(bytes, out _))),
            0, 4L * bytes.Length);
    }

    [Fact]
    public void A_change_of_policy_that_says_one_thing_over_and_over_is_not_read()
    {
        byte[] address = [0x22, 0x02, (byte)'a', (byte)'b'];
        byte[] body = [.. Enumerable.Repeat(address, 1000).SelectMany(a => a)];
        var bytes = new Proto.PolicyChange
        {
            Invitation = Proto.Invitation.Parser.ParseFrom(body),
        }.ToByteArray();
        Assert.True(bytes.Length < 20);
        byte[] frame = [0x1a, 0xa0, 0x1f, .. body];
        Assert.InRange(
            Allocated(() => Assert.False(PolicyFormat.TryDecode(frame, out _))), 0, 1024);
    }

    private static void Taken(Proto.Frame frame)
    {
        var bytes = frame.ToByteArray();
        var cost = Allocated(() => Assert.IsType<DecodeResult.Read>(
            MessageCodec.Decode(bytes, Samples.Names(), Samples.Sizes)));
        Assert.InRange(cost, bytes.Length, 4L * bytes.Length + 64 * 1024);
    }

    private static void Refused(Proto.Frame frame, string reason)
    {
        var refused = Assert.IsType<DecodeResult.Refused>(
            MessageCodec.Decode(frame.ToByteArray(), Samples.Names(), Samples.Sizes));
        Assert.Equal(RefusalCode.FrameMalformed, refused.Refusal.Code);
        Assert.Contains(reason, refused.Refusal.Detail, StringComparison.Ordinal);
    }

    /// <summary>The second time: the first one makes what is made once.</summary>
    private static long Allocated(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Proto.Row Row() => new()
    {
        Log = Log,
        Floor = 1,
        Digest = ByteString.CopyFrom(new byte[16]),
    };

    private static byte[] Key() => [2, .. new byte[32]];
}
