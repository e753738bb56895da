using System.Collections.Frozen;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Host.Node;
using static Gossip.Host.Configuration.SettingTypes;

namespace Gossip.Host.Configuration;

/// <summary>
/// Which keys are there? A new one is one line here and one in reference.conf; tests name what is
/// missing.
/// </summary>
internal static class Schema
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;
    private const int GiB = 1024 * MiB;
    private const int PointsMax = 1_000_000;

    public static readonly IReadOnlyList<SettingKey> Keys =
    [
        Option("network", Name(Limits.NetworkBytesMax),
            o => o.Network, (o, v) => o with { Network = v }),
        Option("data-directory", Folder.OrNull("nothing is kept on disk"),
            o => o.DataDirectory, (o, v) => o with { DataDirectory = v }),
        Option("key-passphrase-file", FileName.OrNull("the key is not encrypted"),
            o => o.KeyPassphraseFile, (o, v) => o with { KeyPassphraseFile = v }),
        Option("listen", Address.OrNull("only dial"),
            o => o.Listen, (o, v) => o with { Listen = v }),
        Option("advertise", Address.OrNull("where it listens"),
            o => o.Advertise, (o, v) => o with { Advertise = v }),
        Option("bootstrap", ListOf(Address),
            o => o.Bootstrap, (o, v) => o with { Bootstrap = v }),
        Option("topics", ListOf(Topic), o => o.Topics, (o, v) => o with { Topics = v }),
        SettingKey.Of("api", OwnAddress, s => s.Api, (s, v) => s with { Api = v }),
        SettingKey.Of("actors", ListOf(Actor), s => s.Actors, (s, v) => s with { Actors = v }),
        Option("push", Switch, o => o.Push, (o, v) => o with { Push = v }),
        SettingKey.Of("runtime", Word<RuntimeKind>(),
            s => s.Runtime, (s, v) => s with { Runtime = v }),
        SettingKey.Of("log-level", Level, s => s.LogLevel, (s, v) => s with { LogLevel = v }),

        Trust("enabled", TrustSwitch, t => t.Enabled, (t, v) => t with { Enabled = v }),
        Trust("known-min", Fraction, t => t.KnownMin, (t, v) => t with { KnownMin = v }),
        Trust("partner-min", Fraction, t => t.PartnerMin, (t, v) => t with { PartnerMin = v }),
        Trust("federated-min", Fraction,
            t => t.FederatedMin, (t, v) => t with { FederatedMin = v }),
        Option("compression", Word<Compression>(),
            o => o.Compression, (o, v) => o with { Compression = v }),

        Time("round-interval", t => t.RoundInterval, (t, v) => t with { RoundInterval = v }),
        Time("round-timeout", t => t.RoundTimeout, (t, v) => t with { RoundTimeout = v }),
        Time("heads-interval", t => t.HeadsInterval, (t, v) => t with { HeadsInterval = v }),
        Time("pull-grace", t => t.PullGrace, (t, v) => t with { PullGrace = v }),
        Time("pull-timeout", t => t.PullTimeout, (t, v) => t with { PullTimeout = v }),
        Time("handshake-timeout",
            t => t.HandshakeTimeout, (t, v) => t with { HandshakeTimeout = v }),
        Time("ping-interval", t => t.PingInterval, (t, v) => t with { PingInterval = v }),
        Time("idle-timeout", t => t.IdleTimeout, (t, v) => t with { IdleTimeout = v }),
        Time("partition-threshold",
            t => t.PartitionThreshold, (t, v) => t with { PartitionThreshold = v }),
        Time("acks-timeout", t => t.AcksTimeout, (t, v) => t with { AcksTimeout = v }),
        Time("actor-retry", t => t.ActorRetry, (t, v) => t with { ActorRetry = v }),
        Time("write-timeout", t => t.WriteTimeout, (t, v) => t with { WriteTimeout = v }),
        Time("redial-min", t => t.RedialMin, (t, v) => t with { RedialMin = v }),
        Time("redial-max", t => t.RedialMax, (t, v) => t with { RedialMax = v }),
        Time("stop-timeout", t => t.StopTimeout, (t, v) => t with { StopTimeout = v }),

        Size("frame-bytes-max", Bytes(MiB, 16 * MiB),
            s => s.FrameBytesMax, (s, v) => s with { FrameBytesMax = v }),
        Size("payload-bytes-max", Bytes(1, Limits.PayloadListBytesMax - KiB),
            s => s.PayloadBytesMax, (s, v) => s with { PayloadBytesMax = v }),
        Size("page-bytes-max", Bytes(4 * KiB, 16 * MiB - 16 * KiB),
            s => s.PageBytesMax, (s, v) => s with { PageBytesMax = v }),
        Size("page-entries-max", Count(1, 64 * KiB),
            s => s.PageEntriesMax, (s, v) => s with { PageEntriesMax = v }),
        Size("credit-bytes", Bytes(MiB, GiB),
            s => s.CreditBytes, (s, v) => s with { CreditBytes = v }),
        Size("received-bytes-max", Bytes(MiB, GiB),
            s => s.ReceivedBytesMax, (s, v) => s with { ReceivedBytesMax = v }),
        Size("send-queue-bytes-max", Bytes(MiB, GiB),
            s => s.SendQueueBytesMax, (s, v) => s with { SendQueueBytesMax = v }),
        Size("mailbox-max", Count(64, MiB),
            s => s.MailboxMax, (s, v) => s with { MailboxMax = v }),
        Size("connections-max", Count(1, 64 * KiB),
            s => s.ConnectionsMax, (s, v) => s with { ConnectionsMax = v }),
        Size("connections-per-address-max", Count(1, 64 * KiB),
            s => s.ConnectionsPerAddressMax, (s, v) => s with { ConnectionsPerAddressMax = v }),
        Size("loopback-limited", Switch,
            s => s.LoopbackLimited, (s, v) => s with { LoopbackLimited = v }),
        Size("connections-per-identity-max", Count(1, 64 * KiB),
            s => s.ConnectionsPerIdentityMax, (s, v) => s with { ConnectionsPerIdentityMax = v }),
        Size("connections-per-process-max", Count(2, 64 * KiB),
            s => s.ConnectionsPerProcessMax, (s, v) => s with { ConnectionsPerProcessMax = v }),
        Size("handshakes-max", Count(1, 64 * KiB),
            s => s.HandshakesMax, (s, v) => s with { HandshakesMax = v }),
        Size("topics-per-peer-max", Count(1, MiB),
            s => s.TopicsPerPeerMax, (s, v) => s with { TopicsPerPeerMax = v }),
        Size("events-max", Count(1, MiB),
            s => s.EventsMax, (s, v) => s with { EventsMax = v }),
        Size("actor-failures-max", Count(1, 1000),
            s => s.ActorFailuresMax, (s, v) => s with { ActorFailuresMax = v }),
        Size("actor-snapshot-every", Count(1, GiB),
            s => s.ActorSnapshotEvery, (s, v) => s with { ActorSnapshotEvery = v }),
        Size("actor-snapshot-bytes-max", Bytes(1, GiB),
            s => s.ActorSnapshotBytesMax, (s, v) => s with { ActorSnapshotBytesMax = v }),
        Size("publishes-max", Count(1, MiB),
            s => s.PublishesMax, (s, v) => s with { PublishesMax = v }),
        Size("trust-attestations-max", Count(64 * KiB, 16 * MiB),
            s => s.TrustAttestationsMax, (s, v) => s with { TrustAttestationsMax = v }),

        Judging("half-life", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
            r => r.HalfLife, (r, v) => r with { HalfLife = v }),
        Judging("ban-time", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
            r => r.BanTime, (r, v) => r with { BanTime = v }),
        Judging("quarantine-score", Count(1, PointsMax),
            r => r.QuarantineScore, (r, v) => r with { QuarantineScore = v }),
        Judging("ban-score", Count(1, PointsMax),
            r => r.BanScore, (r, v) => r with { BanScore = v }),
        Judging("signature-wrong", Count(0, PointsMax),
            r => r.SignatureWrong, (r, v) => r with { SignatureWrong = v }),
        Judging("protocol-abuse", Count(0, PointsMax),
            r => r.ProtocolAbuse, (r, v) => r with { ProtocolAbuse = v }),
        Judging("promise-broken", Count(0, PointsMax),
            r => r.PromiseBroken, (r, v) => r with { PromiseBroken = v }),
        Judging("flood", Count(0, PointsMax), r => r.Flood, (r, v) => r with { Flood = v }),
        Judging("identities-max", Count(1, 64 * KiB),
            r => r.IdentitiesMax, (r, v) => r with { IdentitiesMax = v }),
        Judging("reasons-max", Count(1, 1000),
            r => r.ReasonsMax, (r, v) => r with { ReasonsMax = v }),

        Rate("burst", Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            r => r.Burst, (r, v) => r with { Burst = v }),
        Rate("peer-frames", Count(10, MiB),
            r => r.PeerFrames, (r, v) => r with { PeerFrames = v }),
        Rate("peer-bytes", Bytes(MiB, GiB), r => r.PeerBytes, (r, v) => r with { PeerBytes = v }),
        Rate("peer-entries", Count(1, MiB),
            r => r.PeerEntries, (r, v) => r with { PeerEntries = v }),
        Rate("peer-verifications", Count(1, MiB),
            r => r.PeerVerifications, (r, v) => r with { PeerVerifications = v }),
        Rate("verifications", Count(1, MiB),
            r => r.Verifications, (r, v) => r with { Verifications = v }),
        Rate("peer-rows", Count(1, 16 * MiB), r => r.PeerRows, (r, v) => r with { PeerRows = v }),
        Rate("peer-pulls", Count(1, MiB), r => r.PeerPulls, (r, v) => r with { PeerPulls = v }),
        Rate("peer-subscriptions", Count(1, MiB),
            r => r.PeerSubscriptions, (r, v) => r with { PeerSubscriptions = v }),

        .. RetentionKeys.All,
        .. HttpKeys.All,
    ];

    public static readonly FrozenDictionary<string, SettingKey> ByPath =
        Keys.ToFrozenDictionary(key => key.Path, StringComparer.Ordinal);

    /// <summary>The objects that keys stand in.</summary>
    public static readonly FrozenSet<string> Sections = Keys
        .Select(key => key.Path[..key.Path.LastIndexOf('.')])
        .Where(section => section != "gossip")
        .ToFrozenSet(StringComparer.Ordinal);

    private static SettingKey Option<T>(
        string path, SettingType<T> type,
        Func<GossipOptions, T> get, Func<GossipOptions, T, GossipOptions> set) =>
        SettingKey.Of(path, type,
            s => get(s.Options), (s, v) => s with { Options = set(s.Options, v) });

    private static SettingKey Time(
        string name, Func<GossipTimes, TimeSpan> get, Func<GossipTimes, TimeSpan, GossipTimes> set)
        => Option($"times.{name}", Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)),
            o => get(o.Times), (o, v) => o with { Times = set(o.Times, v) });

    private static SettingKey Trust<T>(
        string name, SettingType<T> type,
        Func<GossipTrust, T> get, Func<GossipTrust, T, GossipTrust> set) =>
        Option($"trust.{name}", type,
            o => get(o.Trust), (o, v) => o with { Trust = set(o.Trust, v) });

    private static SettingKey Size<T>(
        string name, SettingType<T> type,
        Func<GossipSizes, T> get, Func<GossipSizes, T, GossipSizes> set) =>
        Option($"sizes.{name}", type,
            o => get(o.Sizes), (o, v) => o with { Sizes = set(o.Sizes, v) });

    private static SettingKey Rate<T>(
        string name, SettingType<T> type,
        Func<GossipRates, T> get, Func<GossipRates, T, GossipRates> set) =>
        Option($"rates.{name}", type,
            o => get(o.Rates), (o, v) => o with { Rates = set(o.Rates, v) });

    private static SettingKey Judging<T>(
        string name, SettingType<T> type,
        Func<GossipReputation, T> get, Func<GossipReputation, T, GossipReputation> set) =>
        Option($"reputation.{name}", type,
            o => get(o.Reputation), (o, v) => o with { Reputation = set(o.Reputation, v) });
}
