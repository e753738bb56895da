using System.Security.Cryptography;
using Gossip.Actors.Protocol;
using Gossip.Adversary.Tls;
using Gossip.Actors.Wire;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Adversary.Connections;

/// <summary>A good handshake, and then no hello that a node could accept.</summary>
internal static class FrameCases
{
    private static readonly TimeSpan Trickle = TimeSpan.FromMilliseconds(1);
    private static readonly TopicId Topic = TopicId.OfPublic(new("news"));

    public static IEnumerable<ConnectionCase> All =>
    [
        Says("frame of no byte", "length 0", [0, 0, 0, 0]),
        Ends("frame of 2 GiB", "length 2^31", [0x80, 0, 0, 0, 1, 2, 3]),
        Ends("frame of 4 GiB", "length 2^32 - 1", [0xff, 0xff, 0xff, 0xff, 1, 2, 3]),
        Ends("frame one byte too long", "1 MiB + 1", [0, 0x10, 0, 1, 1, 2, 3]),
        Ends("TLS inside TLS", "a client hello as a frame", [22, 3, 1, 0, 200, 1, 0, 0, 196]),
        Ends("HTTP inside TLS", "a GET request",
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray()),
        Says("noise", "1,000 random bytes in a frame", Noise()),
        Says("field cut short", "a length beyond its frame", Stranger.Frame([0x0a, 0x7f, 1])),
        Says("endless number", "eleven bytes of a varint",
            Stranger.Frame([8, .. Enumerable.Repeat((byte)0xff, 11)])),
        Says("group", "a wire type that nobody uses", Stranger.Frame([0x0b, 0x0c])),
        Says("field zero", "which no message has", Stranger.Frame([2, 0])),
        Counted("unknown kind", "a message from the future", Stranger.Frame([0xfa, 1, 1, 7])),
        Unexpected("ping first", new GossipMessage.Ping(1)),
        Unexpected("pong first", new GossipMessage.Pong(1)),
        Unexpected("subscribe first", new GossipMessage.Subscribe(new(Hash.OfBytes([1])))),
        Unexpected("unsubscribe first", new GossipMessage.Unsubscribe(new(Hash.OfBytes([1])))),
        Early("announcement first", new GossipMessage.Announcement(Topic, [], [])),
        Early("pull first", new GossipMessage.PullRequest(Topic, 1, [])),
        Early("answer first", new GossipMessage.PullResponse(Topic, 1, [], [], [])),
        Early("heads first", new GossipMessage.Heads(Topic, [])),
        Unexpected("round first",
            new GossipMessage.AntiEntropy(1, true, RoundStep.Summary, default, [])),
        Ends("goodbye first", "and nothing else",
            Stranger.Frame(new GossipMessage.Goodbye(GoodbyeCode.Leaving, "bye"))),
        Silent("no hello", "a handshake, then silence", _ => Task.CompletedTask),
        Silent("half a hello", "the frame never ends", async s =>
            await s.Tls.SendAsync(Stranger.Frame(s.Hello())[..30])),
        Silent("empty records", "records of no byte, then silence", async s =>
        {
            for (var i = 0; i < 20; i++)
            {
                await s.Tls.SendAsync([]);
            }
        }),
        ConnectionCase.Of("hello: half, then the end", "in the middle of its frame",
            Expectation.NoSession, async s =>
            {
                await s.SayAsync(Stranger.Frame(s.Hello())[..30]);
                s.Tls.Wire.EndSending();
            }),
        new("hello: too late", "after the node ended it", Expectation.TooSlow, async s =>
        {
            await s.HandshakeAsync();
            var ending = await s.EndAsync();
            await s.Tls.SendAsync(Stranger.Frame(s.Hello()));
            return ending;
        }),
        Hello("two in a frame", GoodbyeCode.Malformed, "frame-malformed", s => Stranger.Frame(
            Spell.Join(
                new Proto.Frame { Hello = s.Hello() }.ToByteArray(),
                new Proto.Frame { Hello = s.Hello() }.ToByteArray()))),
        .. HelloCases.All,
        Oddly("a byte at a time", "a good hello in 100 records", async s =>
        {
            foreach (var part in Stranger.Frame(s.Hello()).Chunk(1))
            {
                await s.Tls.SendAsync(part);
                await Task.Delay(Trickle, TimeProvider.System);
            }
        }),
    ];

    private static ConnectionCase Says(string name, string how, byte[] bytes) =>
        ConnectionCase.Of(
            $"frame: {name}", how,
            Expectation.Goodbye(GoodbyeCode.Malformed, "frame-malformed"), s => s.SayAsync(bytes));

    private static ConnectionCase Ends(string name, string how, byte[] bytes) =>
        ConnectionCase.Of(
            $"frame: {name}", how, Expectation.NoSession, s => s.SayAsync(bytes));

    private static ConnectionCase Counted(string name, string how, byte[] bytes) =>
        ConnectionCase.Of(
            $"frame: {name}", how,
            Expectation.Counted("message-unexpected"), s => s.SayAsync(bytes));

    private static ConnectionCase Unexpected(string name, GossipMessage message) =>
        ConnectionCase.Of(
            $"frame: {name}", "before any hello",
            Expectation.Goodbye(GoodbyeCode.Unexpected, "message-unexpected"),
            s => s.SayAsync(Stranger.Frame(message)));

    private static ConnectionCase Early(string name, GossipMessage message) => Counted(
        name, "about a topic, before any hello",
        Stranger.Frame(MessageCodec.Encode(message, new TopicNames(new(1), new(2)))));

    private static ConnectionCase Silent(
        string name, string how, Func<Stranger, Task> attackAsync) =>
        ConnectionCase.Of($"frame: {name}", how, Expectation.TooSlow, async s =>
        {
            await s.HandshakeAsync();
            await attackAsync(s);
        });

    private static ConnectionCase Hello(
        string name, GoodbyeCode code, string counter, Func<Stranger, byte[]> frame) =>
        ConnectionCase.Of(
            $"hello: {name}", "as its name says",
            Expectation.Goodbye(code, counter), s => s.SayAsync(frame(s)));

    private static ConnectionCase Oddly(
        string name, string how, Func<Stranger, Task> sendAsync) =>
        new($"hello: {name}", how, Expectation.Session, async s =>
        {
            await s.HandshakeAsync();
            await sendAsync(s);
            return await s.AnsweredAsync();
        });

    /// <summary>The first byte is a field that ends beyond the frame.</summary>
    private static byte[] Noise() =>
        Stranger.Frame([0x0a, 0xff, 0x7f, .. RandomNumberGenerator.GetBytes(1000)]);
}
