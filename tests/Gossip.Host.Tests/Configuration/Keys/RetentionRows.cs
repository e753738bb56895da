using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Host.Tests.Configuration.Keys;

/// <summary>Keys of retention: seen in which floors are raised, and when.</summary>
internal static class RetentionRows
{
    private const long Now = 1_000_000;
    private static readonly TopicRef News = TopicRef.Public(new("news"));

    public static readonly KeyRow[] All =
    [
        new("retention.keep", "100 s", "from #1024 on", s => Sweep(s.Options)),
        new("retention.topic-bytes-max", "25 B", "from #1024 on", s => Sweep(s.Options)),
        new("retention.bytes-max", "15 B", "from #1024 on", s => Sweep(s.Options)),
        new("retention.grace", "2000 s", "all is kept", s => Sweep(s.Options with
        {
            Retention = s.Options.Retention with { TopicBytesMax = 1 },
        })),
        new("retention.protected", "[news]", "all is kept", s => Sweep(s.Options with
        {
            Retention = s.Options.Retention with { BytesMax = 1 },
        })),
        new("retention.sweep-interval", "3 s", "3000", s =>
        {
            var outbox = new Outbox();
            new Retention(s.Options).Handle(new Signal.Started(), default, outbox);
            return $"{((Effect.After)outbox.Drain()[0]).Delay.TotalMilliseconds}";
        }),
    ];

    /// <summary>Three segments of ten bytes: the first is old.</summary>
    private static string Sweep(GossipOptions options)
    {
        var retention = new Retention(options);
        var log = new LogId(EcKeys.Generate().Self, 1, Admission.None);
        var outbox = new Outbox();
        Tell(new Signal.TopicCarried(News.Id, News.Name));
        Tell(new Signal.SweepDue());
        outbox.Drain();
        Tell(new Signal.Surveyed(
            News.Id,
            [
                new(log, 0, 9, 10, 1) { CanGo = true }, new(log, 1, 9, 10, Now) { CanGo = true },
                new(log, 2, 9, 10, Now),
            ]));
        return outbox.Drain().OfType<Effect.Tell>().Select(t => t.Signal).OfType<Signal.Trim>()
            .Select(t => $"from #{t.Floors.Single().Seq} on").SingleOrDefault("all is kept");

        void Tell(Signal signal) =>
            retention.Handle(signal, new(TimeSpan.FromMilliseconds(Now), Now), outbox);
    }
}
