using Gossip.Actors;
using static Gossip.Host.Configuration.SettingTypes;

namespace Gossip.Host.Configuration;

/// <summary>Which keys say what a node keeps? They are part of the table of all keys.</summary>
internal static class RetentionKeys
{
    private const long PiB = 1L << 50;

    public static readonly IReadOnlyList<SettingKey> All =
    [
        Key("keep", Duration(TimeSpan.Zero, TimeSpan.FromDays(36_500)),
            r => r.Keep, (r, v) => r with { Keep = v }),
        Key("topic-bytes-max", Bytes(0L, PiB),
            r => r.TopicBytesMax, (r, v) => r with { TopicBytesMax = v }),
        Key("bytes-max", Bytes(0L, PiB), r => r.BytesMax, (r, v) => r with { BytesMax = v }),
        Key("grace", Duration(TimeSpan.Zero, TimeSpan.FromDays(365)),
            r => r.Grace, (r, v) => r with { Grace = v }),
        Key("protected", ListOf(Topic), r => r.Protected, (r, v) => r with { Protected = v }),
        Key("sweep-interval", Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            r => r.SweepInterval, (r, v) => r with { SweepInterval = v }),
    ];

    private static SettingKey Key<T>(
        string name, SettingType<T> type,
        Func<GossipRetention, T> get, Func<GossipRetention, T, GossipRetention> set) =>
        SettingKey.Of(
            $"retention.{name}", type,
            s => get(s.Options.Retention),
            (s, v) => s with
            {
                Options = s.Options with { Retention = set(s.Options.Retention, v) },
            });
}
