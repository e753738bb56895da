using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Tests.Protocol;

namespace Gossip.Tests.Runtime;

/// <summary>Is a mailbox bounded, and does everything that must arrive arrive?</summary>
public sealed class MailboxTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TopicId Topic = TopicId.OfPublic(new("news"));

    [Fact]
    public async Task What_came_over_the_network_is_refused_when_it_is_full()
    {
        var mailbox = new Mailbox(2);
        var frame = new Signal.Frame(new(1), new byte[1]);
        Assert.True(mailbox.TryTell(frame));
        Assert.True(mailbox.TryTell(frame));
        Assert.False(mailbox.TryTell(frame));
        Assert.False(mailbox.TryTell(new Signal.Publish(Topic, new(1), [])));

        mailbox.Complete();
        Assert.Equal([frame, frame], await ReadAsync(mailbox));
    }

    [Fact]
    public async Task Of_facts_that_overflow_the_newest_of_each_key_is_kept_and_counted()
    {
        var mailbox = new Mailbox(1);
        Assert.True(mailbox.TryTell(Head(1, 1)));
        for (var head = 2; head <= 10; head++)
        {
            Assert.True(mailbox.TryTell(Head(1, head)));
            Assert.True(mailbox.TryTell(Head(2, head)));
        }

        mailbox.Complete();
        var read = await ReadAsync(mailbox);
        Assert.Equal(16, mailbox.Replaced);
        Assert.Equal(3, read.Count);
        Assert.Equal(Head(1, 1), read[0]);
        Assert.Contains(Head(1, 10), read);
        Assert.Contains(Head(2, 10), read);
    }

    [Fact]
    public async Task What_a_peer_shows_cannot_fill_memory()
    {
        var mailbox = new Mailbox(4);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(mailbox.TryTell(new Signal.Shown(new(1), Topic, 0, [Head(1, 1).Row])));
        }

        mailbox.Complete();
        Assert.Equal(5, (await ReadAsync(mailbox)).Count);
    }

    [Fact]
    public async Task Nothing_that_must_arrive_is_lost_while_four_write()
    {
        const int Each = 20_000;
        var mailbox = new Mailbox(64);
        var reading = ReadAsync(mailbox);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var i = 1; i <= Each; i++)
            {
                Assert.True(mailbox.TryTell(new Signal.RoundDue(writer * Each + i)));
                Assert.True(mailbox.TryTell(Head(writer + 1, i)));
            }
        })));
        mailbox.Complete();
        var read = await reading.WaitAsync(Deadline, TimeProvider.System);

        var rounds = read.OfType<Signal.RoundDue>().Select(r => r.Round).ToArray();
        Assert.Equal(4 * Each, rounds.Length);
        Assert.Equal(4 * Each, rounds.Distinct().Count());
        foreach (var heads in read.OfType<Signal.Advanced>().GroupBy(a => a.Row.Log))
        {
            Assert.Equal(Each, heads.Last().Row.Holdings.Head);
        }
    }

    [Fact]
    public async Task After_its_end_nothing_is_taken_and_what_waits_is_handed_back()
    {
        var mailbox = new Mailbox(8);
        var frame = new Signal.Frame(new(1), new byte[1]);
        mailbox.TryTell(frame);
        Assert.Equal([frame], mailbox.Abandon());
        Assert.False(mailbox.TryTell(frame));
        Assert.Empty(await ReadAsync(mailbox));
    }

    private static Signal.Advanced Head(int author, long head) => new(
        Topic, new(Some.Log(author), new(1, head, IntervalSet.Empty), 1, null, 1));

    private static async Task<List<Signal>> ReadAsync(Mailbox mailbox)
    {
        var read = new List<Signal>();
        await foreach (var signal in mailbox.ReadAllAsync(CancellationToken.None))
        {
            read.Add(signal);
        }

        return read;
    }
}
