using System.Security.Cryptography;
using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Adversary.Tls;

namespace Gossip.Adversary.Connections;

/// <summary>Whoever does not even begin to speak TLS.</summary>
internal static class PlainCases
{
    private static readonly TimeSpan Trickle = TimeSpan.FromMilliseconds(50);

    public static IEnumerable<ConnectionCase> All =>
    [
        Silent("silence", "connects and says nothing", _ => Task.CompletedTask),
        Silent("one byte", "the first byte of a record, then silence",
            s => s.SendRawAsync([22])),
        Silent("half a client hello", "then silence",
            s => s.SendRawAsync(ClientHello(s)[..60])),
        Silent("a byte at a time", "a client hello that never ends", TrickleAsync),
        Silent("empty records", "handshake records without content, then silence",
            s => s.SendRawAsync([.. Enumerable.Repeat(Spell.Record(22, []), 20)])),
        Case("half closed", "ends its side at once", s =>
        {
            s.Tls.Wire.EndSending();
            return Task.CompletedTask;
        }),
        Case("half a client hello, half closed", "ends its side in the middle", async s =>
        {
            await s.SendRawAsync(ClientHello(s)[..60]);
            s.Tls.Wire.EndSending();
        }),
        new("reset", "connects and resets", Expectation.NoHandshake, s =>
        {
            s.Tls.Wire.Reset();
            return Task.FromResult(Ending.Silent);
        }),
        Says("plain frames", "a good hello without TLS", s => Stranger.Frame(s.Hello())),
        Says("plain goodbye", "a goodbye without TLS",
            _ => Stranger.Frame(new GossipMessage.Goodbye(GoodbyeCode.Leaving, "bye"))),
        Says("HTTP", "a GET request", _ => Text("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")),
        Says("HTTP/2", "its preface", _ => Text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
        Says("SSH", "its banner", _ => Text("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")),
        Says("SMTP", "a greeting", _ => Text("EHLO localhost\r\n")),
        Says("SOCKS", "a version 5 greeting, padded", _ => [5, 1, 0, 0, 0, 0, 0, 0]),
        Says("SSL 2", "its client hello",
            _ => [0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10, .. new byte[37]]),
        Says("noise", "4,000 random bytes", _ => Noise()),
        Says("zeros", "4,000 zeros", _ => new byte[4000]),
        Says("largest record", "a record of 65,535 bytes",
            _ => Spell.Record(22, new byte[65_535])),
        Says("record of type 99", "an unknown kind", _ => Spell.Record(99, new byte[40])),
        Says("data first", "application data before any handshake",
            s => Spell.Record(23, Stranger.Frame(s.Hello()))),
        Says("alert first", "a fatal alert", _ => Spell.Record(21, [2, 40])),
        Says("cipher change first", "before any hello", _ => Spell.Record(20, [1])),
        Says("hello of 16 MiB", "claims it, and sends a little",
            _ => Spell.Record(22, [1, 0xff, 0xff, 0xff, 3, 3, .. new byte[200]])),
        Says("heartbeat", "a record that asks for more than it holds",
            _ => Spell.Record(24, [1, 0x40, 0])),
    ];

    private static ConnectionCase Silent(
        string name, string how, Func<Stranger, Task> attackAsync) =>
        ConnectionCase.Of(name, how, Expectation.TooSlow, attackAsync);

    private static ConnectionCase Case(
        string name, string how, Func<Stranger, Task> attackAsync) =>
        ConnectionCase.Of(name, how, Expectation.NoHandshake, attackAsync);

    private static ConnectionCase Says(string name, string how, Func<Stranger, byte[]> what) =>
        Case(name, how, s => s.SendRawAsync(what(s)));

    private static byte[] ClientHello(Stranger stranger) =>
        Spell.Record(22, stranger.Tls.Hello().Encode(), 0x0301);

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Noise()
    {
        var noise = RandomNumberGenerator.GetBytes(4000);
        noise[0] |= 0x80; // Never the first byte of a record.
        return noise;
    }

    private static async Task TrickleAsync(Stranger stranger)
    {
        foreach (var part in ClientHello(stranger).Take(30).Chunk(1))
        {
            await stranger.SendRawAsync(part);
            await Task.Delay(Trickle, TimeProvider.System);
        }
    }
}
