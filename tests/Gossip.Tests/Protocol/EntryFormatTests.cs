using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Gossip.Actors.Protocol;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Tests.Protocol;

public sealed class EntryFormatTests
{
    private static readonly Gen<long> Seqs =
        Gen.OneOf(Gen.Choose(1, 3000).Select(i => (long)i), Gen.Constant(Dot.SeqMax));

    private static readonly Gen<LogId> Logs =
        from author in Gen.Choose(0, 255)
        from incarnation in Gen.Choose(0, int.MaxValue)
        from admission in Gen.OneOf(
            Gen.Constant(Admission.None),
            from seq in Seqs
            from id in Gen.Choose(1, 999)
            select new Admission(seq, Some.Id(id)))
        select new LogId(Some.Author(author), (ulong)incarnation, admission);

    private static readonly Gen<Dependency> Dependencies =
        from log in Logs
        from seq in Seqs
        from prefix in Gen.Choose(0, int.MaxValue)
        select new Dependency(log, seq, (UInt128)prefix << 60);

    private static readonly Gen<Header> Headers =
        from log in Logs
        from seq in Seqs
        from clock in Dependencies.ListOf()
        from time in Gen.Choose(0, int.MaxValue)
        from count in Gen.Choose(0, Limits.PayloadsPerEntryMax)
        from network in Gen.Elements("test", "réseau", "本番")
        select Some.Header(log, seq) with
        {
            Network = network,
            Clock = [.. clock],
            Time = time * 1000L,
            PayloadCount = count,
        };

    private static readonly Gen<string> Texts =
        Gen.Elements("", "content-type", "text/plain", "é", "本", "traceparent");

    private static readonly Gen<Payload> Payloads =
        from data in Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf()
        from headers in Texts.Zip(Texts).ListOf()
        select new Payload(
            data,
            [.. headers.Select(h => KeyValuePair.Create(h.Item1, h.Item2))]);

    private static readonly Header Sample = Some.Header(Some.Log(1), 1024) with
    {
        Clock =
        [
            new(Some.Log(2), 7, 8),
            new(new(Some.Author(3), 9, new(4, Some.Id(4))), 5, UInt128.MaxValue),
        ],
    };

    [Fact]
    public void Headers_come_back_as_they_were() => Check(Headers, header =>
        EntryFormat.TryDecodeHeader(EntryFormat.Encode(header), out var back)
        && back with { Clock = header.Clock } == header
        && back.Clock.SequenceEqual(header.Clock));

    [Fact]
    public void Payloads_come_back_as_they_were() => Check(Payloads.ListOf(), payloads =>
    {
        var back = EntryFormat.DecodePayloads(EntryFormat.EncodePayloads(payloads));
        return back.Length == payloads.Count && back.Zip(payloads).All(p =>
            p.First.Data.Span.SequenceEqual(p.Second.Data.Span)
            && p.First.Headers.SequenceEqual(p.Second.Headers));
    });

    [Fact]
    [Row("D2")]
    [Row("D3")]
    public void Any_flipped_bit_of_a_header_changes_its_id()
    {
        var bytes = EntryFormat.Encode(Sample);
        var id = EntryId.Of(bytes);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(id, EntryId.Of(bytes));
            // Refused or read as something else: never as the same header, never an exception.
            _ = EntryFormat.TryDecodeHeader(bytes, out _);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(id, EntryId.Of(bytes));
    }

    [Fact]
    [Row("D2")]
    public void Every_field_of_a_header_is_in_its_id()
    {
        Header[] headers =
        [
            Sample,
            Sample with { Network = "production" },
            Sample with { Topic = TopicId.OfPublic(new TopicName("sports")) },
            Sample with { Log = Some.Log(2) },
            Sample with { Log = Some.Log(1, incarnation: 2) },
            Sample with { Log = new(Some.Author(1), 1, new(1, Some.Id(1))) },
            Sample with { Seq = 1025 },
            Sample with { Prev = Some.Id(1) },
            Sample with { Clock = [] },
            Sample with { Clock = [Sample.Clock[0] with { IdPrefix = 9 }, Sample.Clock[1]] },
            Sample with { Time = Sample.Time + 1 },
            Sample with { PayloadCount = 2 },
            Sample with { PayloadBytes = 11 },
            Sample with { PayloadHash = default },
        ];
        var ids = headers.Select(h => EntryId.Of(EntryFormat.Encode(h))).Distinct();
        Assert.Equal(headers.Length, ids.Count());
    }

    [Fact]
    public void A_header_cut_short_anywhere_is_refused()
    {
        var bytes = EntryFormat.Encode(Sample);
        Assert.True(EntryFormat.TryDecodeHeader(bytes, out _));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(EntryFormat.TryDecodeHeader(bytes.AsMemory(0, length), out _));
        }
    }

    [Fact]
    public void A_payload_list_cut_short_is_refused_or_shorter()
    {
        var bytes = EntryFormat.EncodePayloads(Enumerable.Range(0, 5).Select(i => new Payload(
            new byte[] { 1, 2, 3 },
            [KeyValuePair.Create("name", $"value {i}")])));
        for (var length = 0; length < bytes.Length; length++)
        {
            if (TryDecodePayloads(bytes.AsMemory(0, length)) is { } payloads)
            {
                Assert.True(payloads.Length < 5);
            }
        }
    }

    [Fact]
    public void Random_bytes_are_refused_without_any_other_exception()
    {
        var random = new Random(17);
        var header = EntryFormat.Encode(Sample);
        for (var i = 0; i < 20_000; i++)
        {
            var noise = new byte[random.Next(0, 200)];
            random.NextBytes(noise);
            var damaged = header.ToArray();
            noise.AsSpan(0, Math.Min(3, noise.Length)).CopyTo(
                damaged.AsSpan(random.Next(damaged.Length - 3)));
            foreach (var bytes in new[] { noise, damaged })
            {
                _ = EntryFormat.TryDecodeHeader(bytes, out _);
                _ = TryDecodePayloads(bytes);
            }
        }
    }

    [Fact]
    public void Headers_beyond_the_limits_are_refused()
    {
        Refused(m => m.Network = ByteString.Empty);
        Refused(m => m.Network = ByteString.CopyFrom(new byte[Limits.NetworkBytesMax + 1]));
        Refused(m => m.Topic = ByteString.CopyFrom(new byte[31]));
        Refused(m => m.Log = null);
        Refused(m => m.Log.Author = ByteString.CopyFrom(new byte[33]));
        Refused(m => m.Log.AdmissionSeq = 1);
        Refused(m => m.Log.AdmissionId = m.Topic);
        Refused(m => m.Seq = 0);
        Refused(m => m.Seq = Dot.SeqMax + 1);
        Refused(m => m.Seq = 1);
        Refused(m => m.Prev = ByteString.Empty);
        Refused(m => m.Clock[0].IdPrefix = m.Topic);
        Refused(m => m.Clock[0].Seq = ulong.MaxValue);
        Refused(m => m.TimeMs = Limits.TimeMax + 1);
        Refused(m => m.TimeMs = ulong.MaxValue);
        Refused(m => m.PayloadCount = Limits.PayloadsPerEntryMax + 1);
        Refused(m => m.PayloadCount = uint.MaxValue);
        Refused(m => m.PayloadBytes = Limits.EntryBytesMax + 1);
        Refused(m => m.PayloadHash = ByteString.Empty);
        var latest = Proto.Header.Parser.ParseFrom(EntryFormat.Encode(Sample));
        latest.TimeMs = Limits.TimeMax;
        Assert.True(EntryFormat.TryDecodeHeader(latest.ToByteArray(), out var header));
        Assert.Equal(9999, DateTimeOffset.FromUnixTimeMilliseconds(header.Time).Year);
    }

    [Fact]
    public void The_largest_clock_of_a_topic_with_a_policy_is_read_back()
    {
        var component = new Dependency(
            new(Some.Author(1), ulong.MaxValue, new(Dot.SeqMax, Some.Id(1))),
            Dot.SeqMax,
            UInt128.MaxValue);
        var clock = Enumerable.Repeat(component, Limits.ClockComponentsMax).ToImmutableArray();
        var header = Sample with { Network = new('n', Limits.NetworkBytesMax), Clock = clock };

        var bytes = EntryFormat.Encode(header);

        Assert.True(bytes.Length <= Limits.HeaderBytesMax, $"{bytes.Length} bytes");
        Assert.True(EntryFormat.TryDecodeHeader(bytes, out var back));
        Assert.Equal<IEnumerable<Dependency>>(clock, back.Clock);
        var larger = header with { Clock = clock.Add(component) };
        Assert.False(EntryFormat.TryDecodeHeader(EntryFormat.Encode(larger), out _));
    }

    [Fact]
    public void The_largest_batch_with_two_headers_each_is_read_back()
    {
        var payload = new Payload(
            new byte[] { 1 },
            [KeyValuePair.Create("a", "b"), KeyValuePair.Create("c", "d")]);
        var bytes = EntryFormat.EncodePayloads(
            Enumerable.Repeat(payload, Limits.PayloadsPerEntryMax));
        Assert.Equal(Limits.PayloadsPerEntryMax, EntryFormat.DecodePayloads(bytes).Length);
    }

    [Fact]
    public void Invalid_utf8_is_refused_because_a_name_has_one_spelling()
    {
        Refused(m => m.Network = ByteString.CopyFrom(0xc0, 0x80));
        Refused(m => m.Network = ByteString.CopyFrom(0xed, 0xa0, 0x80));
        var list = new Proto.PayloadList();
        list.Payloads.Add(new Proto.Payload());
        list.Payloads[0].Headers.Add(new Proto.PayloadHeader { Name = ByteString.CopyFrom(0xff) });
        Assert.Throws<FormatException>(() => EntryFormat.DecodePayloads(list.ToByteArray()));
    }

    [Theory]
    [InlineData(0x0a)] // an empty payload
    [InlineData(0x7a)] // an unknown field
    public void A_bomb_of_empty_fields_is_refused_before_it_is_parsed(byte tag)
    {
        var bomb = new byte[1024 * 1024];
        for (var i = 0; i < bomb.Length; i += 2)
        {
            bomb[i] = tag;
        }

        // The first time, descriptors are made.
        Refuse();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refuse();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);

        void Refuse()
        {
            Assert.Null(TryDecodePayloads(bomb));
            Assert.False(WireGuard.Fits(bomb, Proto.Frame.Descriptor, 10_000));
            Assert.False(EntryFormat.TryDecodeHeader(bomb, out _));
        }
    }

    [Fact]
    public void A_packed_list_counts_each_number()
    {
        var want = new Proto.Want();
        want.Headers.AddRange(Enumerable.Repeat(1UL, 100));
        Assert.True(WireGuard.Fits(want.ToByteArray(), Proto.Want.Descriptor, 101));
        Assert.False(WireGuard.Fits(want.ToByteArray(), Proto.Want.Descriptor, 100));
    }

    private static void Refused(Action<Proto.Header> change)
    {
        var message = Proto.Header.Parser.ParseFrom(EntryFormat.Encode(Sample));
        Assert.True(EntryFormat.TryDecodeHeader(message.ToByteArray(), out _));
        change(message);
        Assert.False(EntryFormat.TryDecodeHeader(message.ToByteArray(), out _));
    }

    private static ImmutableArray<Payload>? TryDecodePayloads(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return EntryFormat.DecodePayloads(bytes);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(new Replay(new Rnd(7), null)),
        Prop.ForAll(gen.ToArbitrary(), holds));
}
