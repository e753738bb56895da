using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Tests.Storage;

namespace Gossip.Tests.Protocol;

/// <summary>What is forgotten, by whose rule, and what never?</summary>
[Row("D12")]
public sealed class RetentionTests
{
    private static readonly TopicName News = new("news");
    private static readonly TopicName Chat = new("chat");
    private static readonly LogId Ann = new TestLog(News, 1).Id;
    private static readonly LogId Ben = new TestLog(News, 2).Id;
    private readonly Outbox _outbox = new();
    private long _now = 1_000_000;
    private Retention _retention = null!;

    [Fact]
    public void Without_a_bound_nothing_is_looked_at()
    {
        Begin(new());
        Carry(News);
        Assert.Empty(Sweep());
    }

    [Fact]
    public void What_is_too_old_goes_but_for_the_last_segment_of_a_log()
    {
        Begin(new() { Keep = TimeSpan.FromSeconds(100) });
        Carry(News);
        Fill(News, Of(Ann, 0, 10, 800_000), Of(Ann, 1, 10, 899_999), Of(Ann, 2, 10, 900_000),
            Of(Ann, 3, 10, 999_999), Of(Ben, 5, 10, 1));
        Assert.Equal([new(Ann, 2048)], Sweep());
    }

    [Fact]
    public void What_is_too_much_goes_oldest_first_over_all_logs()
    {
        Begin(new() { TopicBytesMax = 60 });
        Carry(News);
        Fill(News, Of(Ann, 0, 20, 100), Of(Ann, 1, 20, 300), Of(Ann, 2, 20, 400),
            Of(Ben, 0, 20, 200), Of(Ben, 1, 20, 500));
        Assert.Equal([new(Ann, 1024), new(Ben, 1024)], Sweep());
    }

    [Fact]
    public void The_stricter_of_policy_and_node_holds()
    {
        Begin(new() { TopicBytesMax = 1000, Keep = TimeSpan.FromSeconds(100) });
        Carry(News);
        _retention.Handle(
            new Signal.KeptFor(TopicId.OfPublic(News), TimeSpan.FromSeconds(50), 30), Now, _outbox);
        Fill(News, Of(Ann, 0, 10, 940_000), Of(Ann, 1, 10, 984_000), Of(Ann, 2, 10, 999_000));
        Assert.Equal([new(Ann, 1024)], Sweep());

        _now += 45_000;
        Fill(News, Of(Ann, 1, 20, 984_000), Of(Ann, 2, 20, 999_000));
        Assert.Equal([new(Ann, 2048)], Sweep());
    }

    [Fact]
    public void What_is_young_is_not_too_much()
    {
        Begin(new() { TopicBytesMax = 1, Grace = TimeSpan.FromSeconds(5) });
        Carry(News);
        Fill(News, Of(Ann, 0, 20, 994_999), Of(Ann, 1, 20, 995_000), Of(Ann, 2, 20, 999_000));
        Assert.Equal([new(Ann, 1024)], Sweep());
    }

    [Fact]
    public void The_nodes_own_quota_spares_what_is_protected_and_system_topics()
    {
        Begin(new() { BytesMax = 50, Protected = [TopicRef.Public(News)] });
        Carry(News);
        Carry(Chat);
        Carry(SystemTopic.Trust);
        Fill(SystemTopic.Trust, Of(Ann, 0, 10, 0), Of(Ann, 1, 10, 0));
        Fill(News, Of(Ann, 0, 20, 1), Of(Ann, 1, 20, 2));
        Fill(Chat, Of(Ann, 0, 10, 8), Of(Ann, 1, 10, 9), Of(Ann, 2, 10, 9));
        Assert.Equal([new(Ann, 2048)], Sweep());
    }

    [Fact]
    public void A_protected_topic_outlives_its_policy_too()
    {
        Begin(new() { Protected = [TopicRef.Public(News)] });
        Carry(News);
        _retention.Handle(
            new Signal.KeptFor(TopicId.OfPublic(News), TimeSpan.FromSeconds(1), 1), Now, _outbox);
        Fill(News, Of(Ann, 0, 20, 1), Of(Ann, 1, 20, 2));
        Assert.Empty(Sweep());
    }

    [Fact]
    public void Much_goes_in_steps_that_follow_soon()
    {
        Begin(new() { TopicBytesMax = 1 });
        Carry(News);
        Fill(News, [.. Enumerable.Range(0, 40).Select(n => Of(Ann, n, 10, n))]);
        Assert.Equal([new(Ann, 16 * 1024)], Sweep());
        Assert.Equal(TimeSpan.FromSeconds(1), _next);
        Fill(News, [.. Enumerable.Range(30, 10).Select(n => Of(Ann, n, 10, n))]);
        Assert.Equal([new(Ann, 39 * 1024)], Sweep());
        Assert.Equal(new GossipRetention().SweepInterval, _next);
    }

    private readonly Dictionary<TopicName, Segment[]> _stored = [];
    private TimeSpan _next;

    private Moment Now => new(TimeSpan.FromMilliseconds(_now), _now);

    private void Begin(GossipRetention retention)
    {
        _retention = new(new() { Retention = retention });
        _retention.Handle(new Signal.Started(), Now, _outbox);
        Assert.IsType<Effect.After>(Assert.Single(_outbox.Drain()));
    }

    private void Carry(TopicName topic)
    {
        _stored[topic] = [];
        _retention.Handle(
            new Signal.TopicCarried(TopicId.OfPublic(topic), topic), Now, _outbox);
    }

    /// <summary>All but the last segment of each log can go.</summary>
    private void Fill(TopicName topic, params Segment[] segments) => _stored[topic] =
    [
        .. segments.Select(s => s with
        {
            CanGo = segments.Any(other => other.Log == s.Log && other.Number > s.Number),
        }),
    ];

    /// <summary>The floors that one sweep raises.</summary>
    private List<Dot> Sweep()
    {
        _retention.Handle(new Signal.SweepDue(), Now, _outbox);
        foreach (var asked in _outbox.Drain().OfType<Effect.Survey>().ToArray())
        {
            var topic = _stored.Single(t => TopicId.OfPublic(t.Key) == asked.Topic);
            _retention.Handle(
                new Signal.Surveyed(asked.Topic, [.. topic.Value]), Now, _outbox);
        }

        Effect[] effects = [.. _outbox.Drain()];
        _next = effects.OfType<Effect.After>().Select(a => a.Delay).SingleOrDefault();
        return [.. effects.OfType<Effect.Tell>().Select(t => t.Signal).OfType<Signal.Trim>()
            .SelectMany(t => t.Floors)];
    }

    private static Segment Of(LogId log, long number, long bytes, long newest) =>
        new(log, number, 1, bytes, newest);
}
