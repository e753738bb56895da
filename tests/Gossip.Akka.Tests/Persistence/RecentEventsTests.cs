using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Akka.Persistence;
using Gossip.Tests.Storage;

namespace Gossip.Akka.Tests.Persistence;

public sealed class RecentEventsTests
{
    private const string Journal = "topic-1";
    private readonly TestLog _log = new(new("recent"), 1);

    [Fact]
    public void What_was_used_longest_ago_goes_first()
    {
        var recent = new RecentEvents(3 * _log[2].Size);
        for (var number = 1; number <= 3; number++)
        {
            recent.Keep(Journal, number, Entries(number), 0);
        }

        Assert.NotNull(recent.Find(Journal, 1));
        recent.Keep(Journal, 4, Entries(4), 0);
        Assert.Equal(
            [true, false, true, true],
            Enumerable.Range(1, 4).Select(n => recent.Find(Journal, n) is not null));
        Assert.Equal(3 * _log[2].Size, recent.Bytes);
        Assert.Null(recent.Find("topic-2", 1));
    }

    [Fact]
    public void What_is_larger_than_all_room_is_not_kept_and_nothing_is_counted_twice()
    {
        var recent = new RecentEvents(_log[2].Size);
        recent.Keep(Journal, 1, Entries(1), 0);
        recent.Keep(Journal, 1, Entries(1), 0);
        Assert.Equal(_log[2].Size, recent.Bytes);
        recent.Keep(Journal, 2, [.. Entries(2), .. Entries(3)], 0);
        Assert.Null(recent.Find(Journal, 2));
        Assert.Equal(0, recent.Bytes);
    }

    [Fact]
    public void An_event_that_was_read_before_an_erasure_does_not_come_back_after_it()
    {
        var recent = new RecentEvents(long.MaxValue);
        recent.Keep(Journal, 1, Entries(1), recent.Erasures);
        var before = recent.Erasures;
        recent.Forget(Journal, 1);
        recent.Keep(Journal, 1, Entries(1), before);
        Assert.Null(recent.Find(Journal, 1));
        Assert.Equal(0, recent.Bytes);
        recent.Keep(Journal, 1, Entries(1), recent.Erasures);
        Assert.NotNull(recent.Find(Journal, 1));
    }

    /// <summary>All of one size: the first entry of a log is smaller.</summary>
    private ImmutableArray<Entry> Entries(long number) => [_log[number + 1]];
}
