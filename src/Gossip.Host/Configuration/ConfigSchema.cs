using System.Collections.Frozen;
using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Configuration;

/// <summary>Which keys are there, and what does each set?</summary>
internal static class ConfigSchema
{
    public static readonly FrozenDictionary<string, Func<FileSettings, ConfigValue, FileSettings>>
        Keys = Node().Concat(Times()).Concat(Sizes()).ToFrozenDictionary(StringComparer.Ordinal);

    private static Dictionary<string, Func<FileSettings, ConfigValue, FileSettings>> Node() => new()
    {
        ["gossip.api"] = (s, v) => s with { Api = v.Text() },
        ["gossip.network"] = Option((o, v) => o with { Network = v.Text() }),
        ["gossip.data-directory"] = Option((o, v) =>
            o with { DataDirectory = v.TextOrNull() ?? o.DataDirectory }),
        ["gossip.listen"] = Option((o, v) => o with { Listen = v.TextOrNull() }),
        ["gossip.advertise"] = Option((o, v) => o with { Advertise = v.TextOrNull() }),
        ["gossip.bootstrap"] = Option((o, v) =>
            o with { Bootstrap = [.. v.List().Select(item => item.Text())] }),
        ["gossip.topics"] = Option((o, v) => o with { Topics = [.. v.List().Select(Topic)] }),
        ["gossip.push"] = Option((o, v) => o with { Push = v.Switch() }),
    };

    private static Dictionary<string, Func<FileSettings, ConfigValue, FileSettings>> Times() =>
        Section("times", new Dictionary<string, Func<GossipTimes, TimeSpan, GossipTimes>>
        {
            ["round-interval"] = (t, v) => t with { RoundInterval = v },
            ["round-timeout"] = (t, v) => t with { RoundTimeout = v },
            ["heads-interval"] = (t, v) => t with { HeadsInterval = v },
            ["pull-grace"] = (t, v) => t with { PullGrace = v },
            ["pull-timeout"] = (t, v) => t with { PullTimeout = v },
            ["handshake-timeout"] = (t, v) => t with { HandshakeTimeout = v },
            ["ping-interval"] = (t, v) => t with { PingInterval = v },
            ["idle-timeout"] = (t, v) => t with { IdleTimeout = v },
            ["write-timeout"] = (t, v) => t with { WriteTimeout = v },
            ["redial-min"] = (t, v) => t with { RedialMin = v },
            ["redial-max"] = (t, v) => t with { RedialMax = v },
            ["stop-timeout"] = (t, v) => t with { StopTimeout = v },
        }, set => (o, v) => o with { Times = set(o.Times, v.Duration()) });

    private static Dictionary<string, Func<FileSettings, ConfigValue, FileSettings>> Sizes() =>
        Section("sizes", new Dictionary<string, Func<GossipSizes, ConfigValue, GossipSizes>>
        {
            ["frame-bytes-max"] = (s, v) => s with { FrameBytesMax = v.Bytes() },
            ["payload-bytes-max"] = (s, v) => s with { PayloadBytesMax = v.Bytes() },
            ["page-bytes-max"] = (s, v) => s with { PageBytesMax = v.Bytes() },
            ["page-entries-max"] = (s, v) => s with { PageEntriesMax = v.Count() },
            ["credit-bytes"] = (s, v) => s with { CreditBytes = v.Bytes() },
            ["send-queue-bytes-max"] = (s, v) => s with { SendQueueBytesMax = v.Bytes() },
            ["mailbox-max"] = (s, v) => s with { MailboxMax = v.Count() },
            ["connections-max"] = (s, v) => s with { ConnectionsMax = v.Count() },
            ["handshakes-max"] = (s, v) => s with { HandshakesMax = v.Count() },
            ["topics-per-peer-max"] = (s, v) => s with { TopicsPerPeerMax = v.Count() },
            ["publishes-max"] = (s, v) => s with { PublishesMax = v.Count() },
        }, set => (o, v) => o with { Sizes = set(o.Sizes, v) });

    private static Dictionary<string, Func<FileSettings, ConfigValue, FileSettings>> Section<T>(
        string name, Dictionary<string, T> keys,
        Func<T, Func<GossipOptions, ConfigValue, GossipOptions>> set) =>
        keys.ToDictionary(key => $"gossip.{name}.{key.Key}", key => Option(set(key.Value)));

    private static Func<FileSettings, ConfigValue, FileSettings> Option(
        Func<GossipOptions, ConfigValue, GossipOptions> set) =>
        (settings, value) => settings with { Options = set(settings.Options, value) };

    private static TopicName Topic(ConfigValue.Scalar item) =>
        TopicName.Refusal(item.Text()) is { } reason
            ? throw new ConfigException(item.Place, reason)
            : new(item.Text());
}
