using System.Security.Cryptography;
using Gossip.Adversary.Tls;

namespace Gossip.Adversary.Connections;

/// <summary>Client hellos that no peer of this version sends.</summary>
internal static class OpeningCases
{
    private const int PreSharedKey = 41;
    private const int EarlyData = 42;
    private const int PskModes = 45;

    public static IEnumerable<ConnectionCase> All =>
    [
        Opens("TLS 1.2", "offers nothing newer", h => Old(h, 0x0303)),
        Opens("TLS 1.1", "offers nothing newer", h => Old(h, 0x0302)),
        Opens("TLS 1.0", "offers nothing newer", h => Old(h, 0x0301)),
        Opens("SSL 3", "offers nothing newer", h => Old(h, 0x0300)),
        Opens("TLS 1.2 by extension", "the list of versions holds only it",
            h => h with { Versions = [0x0303] }),
        Opens("TLS 1.3 draft 28", "which is no version", h => h with { Versions = [0x7f1c] }),
        Opens("no versions", "an empty list", h => h with { Versions = [] }),
        Opens("unknown ciphers", "none that exists", h => h with { Suites = [0xfafa, 0x1a1a] }),
        Opens("ciphers without secrecy", "NULL and export ciphers",
            h => h with { Suites = [0x0001, 0x0003, 0x000a] }),
        Opens("no ciphers", "an empty list", h => h with { Suites = [] }),
        Opens("no compression", "an empty list", h => h with { Compressions = [] }),
        Opens("deflate", "compression without the null method", h => h with { Compressions = [1] }),
        Opens("unknown groups", "no key share, and no group that exists",
            h => h with { GroupIds = [0xfafa], Shares = [] }),
        Opens("share off the curve", "a key share that is no point",
            h => h with { Shares = [(TlsKeys.P256Group, [4, .. Bytes(64)])] }),
        Opens("share of zeros", "the point (0, 0)",
            h => h with { Shares = [(TlsKeys.P256Group, [4, .. new byte[64]])] }),
        Opens("share cut short", "half a point",
            h => h with { Shares = [(TlsKeys.P256Group, [4, .. new byte[31]])] }),
        Opens("empty share", "no byte of it",
            h => h with { Shares = [(TlsKeys.P256Group, [])] }),
        Opens("share twice", "two points of one group",
            h => h with { Shares = [.. h.Shares, .. h.Shares] }),
        Opens("share of small order", "x25519 with u = 0: the secret would be known",
            h => h with { GroupIds = [0x001d], Shares = [(0x001d, new byte[32])] }),
        Opens("no scheme", "signatures that nobody makes", h => h with { SchemeIds = [0xfafa] }),
        Opens("RSA only", "the node has no such key", h => h with { SchemeIds = [Scheme.Pss] }),
        Opens("long session id", "33 bytes", h => h with { SessionId = Bytes(33) }),
        Opens("short random", "31 bytes", h => h with { Random = Bytes(31) }),
        Opens("extension twice", "the same one",
            h => h with { More = [(0x1234, []), (0x1234, [])] }),
        Opens("extension that lies", "a name list longer than its extension",
            h => h with { Name = [], More = [(0, [0xff, 0xff, 0, 0, 1, 65])] }),
        Opens("name with a NUL", "in the server name",
            h => h with { Name = "a\0b"u8.ToArray() }),
        Opens("no name in the name", "an empty server name",
            h => h with { Name = [], More = [(0, [0, 3, 0, 0, 0])] }),
        Opens("application protocols that lie", "lengths beyond the extension",
            h => h with { More = [(16, [0, 200, 9, 65, 66])] }),
        Opens("empty application protocol", "a name of length 0",
            h => h with { More = [(16, [0, 1, 0])] }),
        Opens("binder for nothing", "a ticket whose binder lies about its length",
            h => h with { More = [(PskModes, [1, 1]), (PreSharedKey, [0, 9, 1, 2, 3])] }),
        Anonymous("resumption", "with a ticket that the node never gave",
            h => h with { More = [(PskModes, [1, 1]), (PreSharedKey, Ticket())] }),
        Anonymous("early data", "and application data before the handshake",
            h => h with
            {
                More = [(EarlyData, []), (PskModes, [1, 1]), (PreSharedKey, Ticket())],
            }),
        ConnectionCase.Of("client hello twice", "the second instead of a certificate",
            Expectation.NoHandshake, async s =>
            {
                await s.BeginAsync();
                await s.Tls.SayAsync(s.Tls.Hello().Encode());
            }),
        ConnectionCase.Of("client hello of 200 kB", "an extension in each of four sizes",
            Expectation.NoHandshake, async s => await s.SendRawAsync(
            [
                .. (s.Tls.Hello() with
                {
                    More = [.. Enumerable.Range(0, 4).Select(i => (0x5500 + i, Bytes(50_000)))],
                }).Encode().Chunk(16_000).Select(part => Spell.Record(22, part)),
            ])),
        Oddly("application protocols that nobody knows", "named: gossip, and 250 bytes of noise",
            h => h with
            {
                More =
                [
                    (16, Spell.Vector(2,
                        Spell.Vector(1, "gossip"u8.ToArray()), Spell.Vector(1, Bytes(250)))),
                ],
            }),
        Oddly("another server name", "of 200 bytes: no name means anything",
            h => h with { Name = [.. Enumerable.Repeat((byte)'x', 200)] }),
        Oddly("extensions that nobody knows", "forty of them", h => h with
        {
            More = [.. Enumerable.Range(0, 40).Select(i => (0xfa00 + i, Bytes(20)))],
        }),
    ];

    private static ClientHello Old(ClientHello hello, int version) => hello with
    {
        LegacyVersion = version,
        Versions = null,
        Suites = [0xc02b, 0xc009, 0xc00a, 0x002f],
    };

    private static ConnectionCase Opens(
        string name, string how, Func<ClientHello, ClientHello> with) =>
        ConnectionCase.Of(name, how, Expectation.NoHandshake, s => s.GreetAsync(with));

    /// <summary>The node goes on with a whole handshake, and wants a certificate.</summary>
    private static ConnectionCase Anonymous(
        string name, string how, Func<ClientHello, ClientHello> with) =>
        ConnectionCase.Of(name, how, Expectation.NoHandshake, async s =>
        {
            if (await s.GreetAsync(with))
            {
                await s.Tls.FinishAsync();
                await s.Tls.SendAsync(Stranger.Frame(s.Hello()));
            }
        });

    private static ConnectionCase Oddly(
        string name, string how, Func<ClientHello, ClientHello> with) =>
        new(name, how, Expectation.Session, async s =>
        {
            await s.HandshakeAsync(with: with);
            return await s.VisitAsync();
        });

    /// <summary>An identity of 100 bytes, and a binder for it.</summary>
    private static byte[] Ticket() => Spell.Join(
        Spell.Vector(2, Spell.Vector(2, Bytes(100)), Bytes(4)),
        Spell.Vector(2, Spell.Vector(1, Bytes(32))));

    private static byte[] Bytes(int count) => RandomNumberGenerator.GetBytes(count);
}
