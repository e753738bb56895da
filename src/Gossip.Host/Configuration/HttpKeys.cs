using Gossip.Host.Api;
using static Gossip.Host.Configuration.SettingTypes;

namespace Gossip.Host.Configuration;

/// <summary>Which keys has the HTTP API? They are part of the table of all keys.</summary>
internal static class HttpKeys
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    public static readonly IReadOnlyList<SettingKey> All =
    [
        Key("certificate", FileName.OrNull("no TLS"),
            h => h.Certificate, (h, v) => h with { Certificate = v }),
        Key("certificate-key", FileName.OrNull("no TLS"),
            h => h.CertificateKey, (h, v) => h with { CertificateKey = v }),
        Key("tokens", FileName.OrNull("no tokens, and loopback only"),
            h => h.Tokens, (h, v) => h with { Tokens = v }),
        Key("hosts", ListOf(HostName), h => h.Hosts, (h, v) => h with { Hosts = v }),
        Key("open-max", Count(1, 64 * KiB), h => h.OpenMax, (h, v) => h with { OpenMax = v }),
        Key("waiting-max", Count(1, 64 * KiB),
            h => h.WaitingMax, (h, v) => h with { WaitingMax = v }),
        Key("open-per-address-max", Count(1, 64 * KiB),
            h => h.OpenPerAddressMax, (h, v) => h with { OpenPerAddressMax = v }),
        Time("tls-timeout", h => h.TlsTimeout, (h, v) => h with { TlsTimeout = v }),
        Time("head-timeout", h => h.HeadTimeout, (h, v) => h with { HeadTimeout = v }),
        Time("keep-alive-timeout",
            h => h.KeepAliveTimeout, (h, v) => h with { KeepAliveTimeout = v }),
        Key("head-bytes-max", Bytes(KiB, MiB),
            h => h.HeadBytesMax, (h, v) => h with { HeadBytesMax = v }),
        Key("body-bytes-max", Bytes(KiB, 64 * MiB),
            h => h.BodyBytesMax, (h, v) => h with { BodyBytesMax = v }),
        Key("bodies-bytes-max", Bytes(MiB, 1024 * MiB),
            h => h.BodiesBytesMax, (h, v) => h with { BodiesBytesMax = v }),
        Key("rate-bytes-min", Count(1, MiB),
            h => h.RateBytesMin, (h, v) => h with { RateBytesMin = v }),

        // The web server measures once a second: it takes no shorter grace.
        Key("rate-grace", Duration(TimeSpan.FromSeconds(2), TimeSpan.FromHours(1)),
            h => h.RateGrace, (h, v) => h with { RateGrace = v }),
        Key("requests-per-second", Count(1, MiB),
            h => h.RequestsPerSecond, (h, v) => h with { RequestsPerSecond = v }),
        Key("requests-burst", Count(1, MiB),
            h => h.RequestsBurst, (h, v) => h with { RequestsBurst = v }),
    ];

    private static SettingKey Key<T>(
        string name, SettingType<T> type,
        Func<ApiSettings, T> get, Func<ApiSettings, T, ApiSettings> set) =>
        SettingKey.Of($"http.{name}", type,
            s => get(s.Http), (s, v) => s with { Http = set(s.Http, v) });

    private static SettingKey Time(
        string name, Func<ApiSettings, TimeSpan> get, Func<ApiSettings, TimeSpan, ApiSettings> set)
        => Key(name, Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)), get, set);
}
