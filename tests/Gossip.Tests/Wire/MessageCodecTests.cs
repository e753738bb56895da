using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;

namespace Gossip.Tests.Wire;

public sealed class MessageCodecTests
{
    [Fact]
    public void Every_kind_of_message_survives_the_wire()
    {
        var names = Samples.Names();
        for (var seed = 0; seed < 100; seed++)
        {
            foreach (var message in new Samples(seed).OfEveryKind())
            {
                var frame = MessageCodec.Encode(message, names);

                var read = Read(frame);

                Assert.Empty(read.Dropped);
                Assert.IsType(message.GetType(), read.Message);
                Assert.Equal(frame, MessageCodec.Encode(read.Message, names));
            }
        }
    }

    [Fact]
    public void Messages_without_lists_come_back_equal()
    {
        foreach (var message in new Samples(7).OfEveryKind().Take(6))
        {
            Assert.Equal(message, Read(MessageCodec.Encode(message, null)).Message);
        }
    }

    [Fact]
    public void An_entry_comes_back_with_the_bytes_its_author_wrote()
    {
        var entry = new Samples(3).Entry(7, 1000);
        var message = new GossipMessage.Announcement(Samples.Topic, [entry], []);

        var read = Read(MessageCodec.Encode(message, Samples.Names()));

        var back = Assert.Single(((GossipMessage.Announcement)read.Message).Entries);
        Assert.Equal(entry.Id, back.Id);
        var (wrote, came) = (entry.SignedHeader, back.SignedHeader);
        Assert.Equal(wrote.HeaderBytes.ToArray(), came.HeaderBytes.ToArray());
        Assert.Equal(wrote.Signature.ToArray(), came.Signature.ToArray());
        Assert.Equal(entry.PayloadList.ToArray(), back.PayloadList.ToArray());
        Assert.Equal(entry.Dot, back.Dot);
    }

    [Fact]
    public void Rows_and_wants_come_back_equal()
    {
        var samples = new Samples(5);
        var row = samples.Row();
        var want = new Want(samples.Log(), IntervalSet.Of([new(3, 5), new(9, 9)]), [4, 1], true);

        var heads = Read(MessageCodec.Encode(
            new GossipMessage.Heads(Samples.Topic, [row]), Samples.Names()));
        var pull = Read(MessageCodec.Encode(
            new GossipMessage.PullRequest(Samples.Topic, 8, [want]), Samples.Names()));

        Assert.Equal(row, Assert.Single(((GossipMessage.Heads)heads.Message).Rows));
        var back = Assert.Single(((GossipMessage.PullRequest)pull.Message).Wants);
        Assert.Equal(want with { Headers = back.Headers }, back);
        Assert.Equal(want.Headers.ToArray(), back.Headers.ToArray());
    }

    [Fact]
    public void Both_ends_of_a_link_call_a_topic_the_same_and_other_links_do_not()
    {
        var here = new TopicNames(new(1), new(2));
        var there = new TopicNames(new(2), new(1));

        Assert.Equal(here.TokenOf(Samples.Topic), there.TokenOf(Samples.Topic));
        Assert.NotEqual(
            here.TokenOf(Samples.Topic),
            new TopicNames(new(1), new(3)).TokenOf(Samples.Topic));
        Assert.True(there.TryResolve(here.TokenOf(Samples.Topic), out var topic));
        Assert.Equal(Samples.Topic, topic);
    }

    [Fact]
    [Row("C7")]
    public void A_frame_stays_within_what_splitting_a_batch_reckons_with()
    {
        var samples = new Samples(9);
        var entries = Enumerable.Range(1, 50).Select(i => samples.Entry(i, i * 400)).ToArray();
        var message = new GossipMessage.PullResponse(
            Samples.Topic, long.MaxValue, [.. entries], [], []);

        var frame = MessageCodec.Encode(message, Samples.Names());

        Assert.InRange(
            frame.Length,
            0,
            WireLimits.FrameOverheadBytes
                + entries.Sum(e => e.Size + WireLimits.ItemOverheadBytes));
    }

    [Fact]
    public void A_sender_with_too_many_gaps_shows_the_lowest()
    {
        var islands = IntervalSet.Of(
            Enumerable.Range(1, 5000).Select(i => new SeqRange(i * 2, i * 2)));
        var want = Want.EntriesOf(new Samples(1).Log(), islands);

        var read = Read(MessageCodec.Encode(
            new GossipMessage.PullRequest(Samples.Topic, 1, [want]), Samples.Names()));

        var back = Assert.Single(((GossipMessage.PullRequest)read.Message).Wants);
        Assert.Equal(WireLimits.RangesMax, back.Entries.Count);
        Assert.Equal(2 * WireLimits.RangesMax, back.Entries.Last);
    }

    [Fact]
    public void Every_reason_to_say_goodbye_survives_and_an_unknown_one_still_ends_the_session()
    {
        foreach (var code in Enum.GetValues<GoodbyeCode>().Append((GoodbyeCode)999))
        {
            var goodbye = new GossipMessage.Goodbye(code, new string('ü', 5000));

            var back = (GossipMessage.Goodbye)Read(MessageCodec.Encode(goodbye, null)).Message;

            Assert.Equal(Enum.IsDefined(code) ? code : GoodbyeCode.None, back.Code);
            Assert.StartsWith("üüü", back.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Own_bodies_answers_and_control_are_told_apart()
    {
        var classes = new Samples(1).OfEveryKind()
            .ToLookup(MessageCodec.ClassOf, m => m.GetType().Name);

        Assert.Equal(["Announcement"], classes[SendClass.Own]);
        Assert.Equal(["PullResponse", "Heads"], classes[SendClass.Relayed]);
        Assert.Equal(8, classes[SendClass.Control].Count());
    }

    private static DecodeResult.Read Read(byte[] frame) => Assert.IsType<DecodeResult.Read>(
        MessageCodec.Decode(frame, Samples.Names(), Samples.Sizes));
}
