using System.Security.Cryptography;
using Gossip.Actors.Protocol;
using Gossip.Adversary.Tls;

namespace Gossip.Adversary.Connections;

/// <summary>Handshakes that leave out, repeat or falsify the client's second part.</summary>
internal static class HandshakeCases
{
    private const int Alert = 21;
    private const int Handshake = 22;

    private static readonly byte[] NoCertificates = Spell.Message(11, [0, 0, 0, 0]);
    private static readonly byte[] KeyUpdate = Spell.Message(24, [0]);

    public static IEnumerable<ConnectionCase> All =>
    [
        Silent("no answer", "after the node's part", _ => Task.CompletedTask),
        Silent("certificate, then nothing", "and no proof of its key",
            s => s.Tls.SayAsync(s.Own.CertificateMessage())),
        Silent("no Finished", "after a good certificate and proof", ProveAsync),
        Case("no certificate", "Finished at once", s => s.Tls.FinishAsync()),
        Case("empty certificate list", "and Finished", async s =>
        {
            await s.Tls.SayAsync(NoCertificates);
            await s.Tls.FinishAsync();
            await s.Tls.SendAsync(Stranger.Frame(s.Hello()));
        }),
        Case("empty certificate list with a proof", "of a key that was not shown", async s =>
        {
            await s.Tls.SayAsync(NoCertificates);
            await s.Tls.SayAsync(s.Own.VerifyMessage(s.Tls.TranscriptHash));
            await s.Tls.FinishAsync();
        }),
        Case("certificate without proof", "Finished after it", async s =>
        {
            await s.Tls.SayAsync(s.Own.CertificateMessage());
            await s.Tls.FinishAsync();
        }),
        Case("proof without certificate", "and Finished", async s =>
        {
            await s.Tls.SayAsync(s.Own.VerifyMessage(s.Tls.TranscriptHash));
            await s.Tls.FinishAsync();
        }),
        Case("proof as a server", "a good one, for the other side of a handshake", async s =>
        {
            await s.Tls.SayAsync(s.Own.CertificateMessage());
            await s.Tls.SayAsync(s.Own.VerifyMessage(
                s.Tls.TranscriptHash, "TLS 1.3, server CertificateVerify"));
            await s.Tls.FinishAsync();
        }),
        Case("proof of another handshake", "replayed", async s =>
        {
            await s.Tls.SayAsync(s.Own.CertificateMessage());
            await s.Tls.SayAsync(s.Own.VerifyMessage(SHA256.HashData([1])));
            await s.Tls.FinishAsync();
        }),
        Case("certificate twice", "before the proof", async s =>
        {
            await s.Tls.SayAsync(s.Own.CertificateMessage());
            await s.Tls.SayAsync(s.Own.CertificateMessage());
        }),
        Case("certificate with a context", "that nobody asked for", s => s.Tls.SayAsync(
            Spell.Message(11, [1, 7], s.Own.CertificateMessage()[5..]))),
        Case("certificate list that lies", "longer than its message", s => s.Tls.SayAsync(
            Spell.Message(11, [0, 0, 9, 9], s.Own.CertificateMessage()[8..]))),
        Case("false Finished", "of zeros", async s =>
        {
            await ProveAsync(s);
            await s.Tls.SayAsync(Spell.Message(20, new byte[32]));
            s.Tls.UseApplicationKeys();
            await s.Tls.SendAsync(Stranger.Frame(s.Hello()));
        }),
        Case("short Finished", "half of it", async s =>
        {
            await ProveAsync(s);
            await s.Tls.SayAsync(Spell.Message(20, s.Tls.FinishedMessage()[4..20]));
        }),
        Case("data before the certificate", "a hello under the handshake's keys",
            s => s.Tls.SendAsync(Stranger.Frame(s.Hello()))),
        Case("data before Finished", "a hello under the handshake's keys", async s =>
        {
            await ProveAsync(s);
            await s.Tls.SendAsync(Stranger.Frame(s.Hello()));
        }),
        Case("data instead of Finished", "a hello under the keys that come after", async s =>
        {
            await ProveAsync(s);
            s.Tls.UseApplicationKeys();
            await s.Tls.SendAsync(Stranger.Frame(s.Hello()));
        }),
        Case("data in plain", "instead of a certificate",
            s => s.SendRawAsync(Spell.Record(23, Stranger.Frame(s.Hello())))),
        Case("broken seal", "one bit of a record flipped", async s =>
        {
            var record = s.Tls.Seal(Handshake, s.Own.CertificateMessage());
            record[^1] ^= 1;
            await s.SendRawAsync(record);
        }),
        Case("record too long", "16,700 bytes in one", s => s.SendRawAsync(
            s.Tls.Seal(Handshake, new byte[16_700]))),
        Case("plain handshake", "a certificate without a seal", s => s.SendRawAsync(
            Spell.Record(Handshake, s.Own.CertificateMessage()))),
        Case("the server's words", "its hello, from a client",
            s => s.Tls.SayAsync(Spell.Message(2, new byte[76]))),
        Case("a ticket from a client", "which only a server gives",
            s => s.Tls.SayAsync(Spell.Message(4, new byte[60]))),
        Case("message of kind 99", "unknown", s => s.Tls.SayAsync(Spell.Message(99, [1, 2, 3]))),
        Case("message of 16 MiB", "claims it", s => s.Tls.SayAsync([11, 0xff, 0xff, 0xff, 0])),
        Case("end of early data", "that there was not", s => s.Tls.SayAsync(Spell.Message(5))),
        Case("key update before Finished", "too early", s => s.Tls.SayAsync(KeyUpdate)),
        Case("fatal alert", "after the node's part",
            s => s.Tls.SendRecordAsync(Alert, [2, 40])),
        Case("close notify", "after the node's part", s => s.Tls.SendRecordAsync(Alert, [1, 0])),
        Case("half closed", "after the node's part", s =>
        {
            s.Tls.Wire.EndSending();
            return Task.CompletedTask;
        }),
        After("renegotiation", "a client hello after the handshake",
            s => s.Tls.SayAsync(s.Tls.Hello().Encode())),
        After("second certificate", "that nobody asked for, after the handshake",
            s => s.Tls.SayAsync(s.Own.CertificateMessage())),
        After("thousands of key updates", "without data", async s =>
            await s.Tls.SendRecordAsync(
                Handshake, Spell.Join([.. Enumerable.Repeat(KeyUpdate, 3000)]))),
        After("close notify at once", "after the handshake",
            s => s.Tls.SendRecordAsync(Alert, [1, 0])),
        After("fatal alert at once", "after the handshake",
            s => s.Tls.SendRecordAsync(Alert, [2, 80])),
        After("record in plain", "after the handshake",
            s => s.SendRawAsync(Spell.Record(23, Stranger.Frame(s.Hello())))),
        After("record repeated", "a good record, twice", async s =>
        {
            var record = s.Tls.Seal(23, Stranger.Frame(new GossipMessage.Ping(1))[..3]);
            await s.SendRawAsync(record, record);
        }),
        new("reset at once", "after the handshake", Expectation.NoSession, async s =>
        {
            await s.HandshakeAsync();
            s.Tls.Wire.Reset();
            return Ending.Silent;
        }),
    ];

    private static ConnectionCase Case(
        string name, string how, Func<Stranger, Task> attackAsync) =>
        ConnectionCase.Of($"handshake: {name}", how, Expectation.NoHandshake, async s =>
        {
            await s.BeginAsync();
            await attackAsync(s);
        });

    private static ConnectionCase Silent(
        string name, string how, Func<Stranger, Task> attackAsync) =>
        ConnectionCase.Of($"handshake: {name}", how, Expectation.TooSlow, async s =>
        {
            await s.BeginAsync();
            await attackAsync(s);
        });

    /// <summary>With a good handshake: the node has said hello, and waits for ours.</summary>
    private static ConnectionCase After(
        string name, string how, Func<Stranger, Task> attackAsync) =>
        ConnectionCase.Of(name, how, Expectation.NoSession, async s =>
        {
            await s.HandshakeAsync();
            await attackAsync(s);
        });

    private static async Task ProveAsync(Stranger stranger)
    {
        await stranger.Tls.SayAsync(stranger.Own.CertificateMessage());
        await stranger.Tls.SayAsync(stranger.Own.VerifyMessage(stranger.Tls.TranscriptHash));
    }
}
