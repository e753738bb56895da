using System.Buffers;
using System.Security.Cryptography;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Actors.Wire;
using Gossip.Adversary.Tls;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Adversary.Connections;

/// <summary>
/// Somebody who connects to a node for the first time, with full control over every byte of it.
/// </summary>
internal sealed class Stranger : IAsyncDisposable
{
    /// <summary>More than a node takes; only for what it says.</summary>
    private static readonly GossipSizes Sizes = new() { FrameBytesMax = 8 << 20 };

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private Stranger(TlsClient tls, Scene scene)
    {
        (Tls, Scene) = (tls, scene);
        Keys = new(_key);
    }

    public TlsClient Tls { get; }

    public Scene Scene { get; }

    public EcKeys Keys { get; }

    public Credentials Own => Credentials.Of(_key);

    public ECDsa Key => _key;

    public static async Task<Stranger> ConnectAsync(Scene scene) =>
        new(await TlsClient.ConnectAsync(scene.Address), scene);

    /// <summary>Bytes on the bare connection.</summary>
    public Task SendRawAsync(params byte[][] parts) => Tls.Wire.SendAsync(Spell.Join(parts));

    /// <summary>The first half of the handshake; throws nothing when it is refused.</summary>
    public Task<bool> GreetAsync(Func<ClientHello, ClientHello>? with = null) =>
        Tls.GreetAsync(with is null ? Tls.Hello() : with(Tls.Hello()));

    /// <summary>As above, for attacks that come after it.</summary>
    /// <exception cref="TimeoutException">The node ended it too early for the attack.</exception>
    public async Task BeginAsync(Func<ClientHello, ClientHello>? with = null)
    {
        if (!await GreetAsync(with))
        {
            throw new TimeoutException("The node did not answer a good client hello.");
        }
    }

    /// <summary>The whole handshake, with these credentials or good ones.</summary>
    public async Task HandshakeAsync(
        Credentials? shown = null, Func<ClientHello, ClientHello>? with = null)
    {
        await BeginAsync(with);
        await Tls.AnswerAsync(shown ?? Own);
    }

    public Proto.Hello Hello() => new()
    {
        Version = Limits.ProtocolVersion,
        Network = ByteString.CopyFromUtf8("test"),
        Key = ByteString.CopyFrom(Keys.Self.Key),
        Instance = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
        Nonce = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16)),
        FrameBytesMax = 1 << 20,
    };

    public static byte[] Frame(Proto.Hello hello) =>
        Frame(new Proto.Frame { Hello = hello }.ToByteArray());

    public static byte[] Frame(GossipMessage message) => Frame(MessageCodec.Encode(message, null));

    public static byte[] Frame(byte[] body) => Spell.Vector(FrameReader.PrefixBytes, body);

    /// <summary>A handshake, and then these bytes in one record each.</summary>
    public async Task SayAsync(params byte[][] records)
    {
        await HandshakeAsync();
        foreach (var record in records)
        {
            await Tls.SendAsync(record);
        }
    }

    /// <summary>Good hellos, a goodbye: what an honest visitor would do.</summary>
    public async Task<Ending> VisitAsync()
    {
        await Tls.SendAsync(Frame(Hello()));
        return await AnsweredAsync();
    }

    /// <summary>Hears the node's hello, and its answer to a ping.</summary>
    public async Task<Ending> AnsweredAsync()
    {
        var heard = new Hearing();
        while (!heard.IsGreeted && await Tls.ReceiveAsync() is { } data)
        {
            heard.Take(data);
        }

        await Tls.SendAsync(Frame(new GossipMessage.Ping(7)));
        while (!heard.IsAnswered && await Tls.ReceiveAsync() is { } data)
        {
            heard.Take(data);
        }

        var ending = heard.Ending(null);
        return ending with { Goodbye = heard.IsAnswered ? GoodbyeCode.Leaving : ending.Goodbye };
    }

    /// <summary>Reads until the node ends the connection.</summary>
    public async Task<Ending> EndAsync()
    {
        var heard = new Hearing();
        while (await Tls.ReceiveAsync() is { } data)
        {
            heard.Take(data);
        }

        return heard.Ending(Tls.AlertCode);
    }

    public async ValueTask DisposeAsync()
    {
        await Tls.DisposeAsync();
        Keys.Dispose();
    }

    /// <summary>What the node said, frame by frame.</summary>
    private sealed class Hearing
    {
        private readonly List<byte> _rest = [];
        private GoodbyeCode? _goodbye;
        private int _bytes;

        public bool IsGreeted { get; private set; }

        /// <summary>It answered a ping, which it does only in a session.</summary>
        public bool IsAnswered { get; private set; }

        public void Take(byte[] data)
        {
            _bytes += data.Length;
            _rest.AddRange(data);
            var rest = new ReadOnlySequence<byte>([.. _rest]);
            while (FrameReader.TryRead(ref rest, Sizes.FrameBytesMax, out var frame))
            {
                var read = MessageCodec.Decode(frame, null, Sizes);
                IsGreeted |= read is DecodeResult.Read(GossipMessage.Hello, _);
                IsAnswered |= read is DecodeResult.Read(GossipMessage.Pong, _);
                _goodbye = read is DecodeResult.Read(GossipMessage.Goodbye(var code, _), _)
                    ? code
                    : _goodbye;
            }

            _rest.RemoveRange(0, _rest.Count - (int)rest.Length);
        }

        public Ending Ending(int? alert) => new(_bytes, IsGreeted, _goodbye, alert);
    }
}
