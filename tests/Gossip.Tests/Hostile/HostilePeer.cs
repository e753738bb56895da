using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Actors.Wire;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>
/// A modified client on a real TLS connection: knows the protocol well enough to break any rule.
/// </summary>
internal sealed class HostilePeer : IAsyncDisposable
{
    public static readonly TopicId Topic = TopicId.OfPublic(Cluster.Topic);
    private static readonly GossipSizes Sizes = new() { FrameBytesMax = 8 << 20 };

    private readonly IConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<GossipMessage> _heard = new();
    private readonly Nonce _nonce = new(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));
    private Task _reading = Task.CompletedTask;
    private readonly SemaphoreSlim _writing = new(1);

    private HostilePeer(IConnection connection, EcKeys keys) =>
        (_connection, Keys) = (connection, keys);

    public EcKeys Keys { get; }

    /// <summary>The topics as this link names them; null before the node's hello.</summary>
    public TopicNames? Names { get; private set; }

    /// <summary>The node ended the connection.</summary>
    public bool IsEnded => _reading.IsCompleted;

    public IReadOnlyCollection<GossipMessage> Heard => _heard;

    /// <summary>The longest frame that came, as it came.</summary>
    public ReadOnlyMemory<byte> Longest { get; private set; }

    /// <summary>Answers what the node asks; null for silence.</summary>
    public Func<GossipMessage, GossipMessage?>? Answer { get; set; }

    /// <summary>Connects, and says nothing.</summary>
    public static Task<HostilePeer> ConnectAsync(GossipNode node, EcKeys? keys = null) =>
        ConnectAsync(node.Address!, keys);

    /// <exception cref="TransportException">The node does not take it.</exception>
    public static async Task<HostilePeer> ConnectAsync(string address, EcKeys? keys = null)
    {
        keys ??= EcKeys.Generate();
        var transport = new TcpTransport(keys, new(), Sizes, TimeProvider.System);
        return new(await transport.DialAsync(address, CancellationToken.None), keys);
    }

    /// <summary>Connects, says hello, hears the node's, and names the topic.</summary>
    public static Task<HostilePeer> MeetAsync(
        GossipNode node, EcKeys? keys = null, bool takesCompressed = false) =>
        MeetAsync(node.Address!, keys, takesCompressed);

    public static async Task<HostilePeer> MeetAsync(
        string address, EcKeys? keys = null, bool takesCompressed = false)
    {
        var peer = await ConnectAsync(address, keys);
        peer.Listen();
        await peer.SayAsync(peer.Hello() with { TakesCompressed = takesCompressed });
        await peer.UntilAsync(() => peer.Names is not null, "a hello");
        await peer.SayAsync(new GossipMessage.Subscribe(peer.Names!.TokenOf(Topic)));
        await peer.HearAsync<GossipMessage.Subscribe>();
        return peer;
    }

    /// <summary>Says hello, reads the node's, names the topic, and never reads again.</summary>
    public async Task GreetAndGoDeafAsync()
    {
        await SayAsync(Hello());
        while (Names is null)
        {
            var frame = await _connection.ReceiveAsync(_stop.Token);
            await TakeAsync(((DecodeResult.Read)MessageCodec.Decode(frame!.Value, null, Sizes))
                .Message);
        }

        await SayAsync(new GossipMessage.Subscribe(Names.TokenOf(Topic)));
    }

    public GossipMessage.Hello Hello() => new(
        Limits.ProtocolVersion, "test", Keys.Self, 1, _nonce, "", Sizes.FrameBytesMax);

    /// <summary>Reads from now on. Without it the node's sends pile up.</summary>
    public void Listen() => _reading = ListenAsync();

    public Task SayAsync(params GossipMessage[] messages) =>
        SendAsync([.. messages.Select(m => MessageCodec.Encode(m, Names))]);

    /// <summary>One writer at a time: answers and attacks share the connection.</summary>
    public async Task SendAsync(params byte[][] frames)
    {
        await _writing.WaitAsync();
        try
        {
            await _connection.SendAsync(
                [.. frames.Select(f => (ReadOnlyMemory<byte>)f)], CancellationToken.None);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>As above, when the node may hang up in the middle of it.</summary>
    public async Task TrySendAsync(params byte[][] frames)
    {
        try
        {
            await SendAsync(frames);
        }
        catch (TransportException)
        {
            // That is the answer.
        }
    }

    public Task PushAsync(params Entry[] entries) =>
        SayAsync(new GossipMessage.Announcement(Topic, [.. entries], []));

    /// <summary>The first message of a kind that fits; waits for it.</summary>
    public async Task<T> HearAsync<T>(Func<T, bool>? which = null)
        where T : GossipMessage
    {
        T? found = null;
        await UntilAsync(
            () => (found = _heard.OfType<T>().FirstOrDefault(which ?? (_ => true))) is not null,
            typeof(T).Name);
        return found!;
    }

    /// <summary>The node said goodbye, and the connection is gone.</summary>
    public async Task<GoodbyeCode> EndAsync()
    {
        await UntilAsync(() => IsEnded, "the end of the connection");
        return _heard.OfType<GossipMessage.Goodbye>().LastOrDefault()?.Code ?? GoodbyeCode.None;
    }

    /// <summary>The node has acted on everything that was said before.</summary>
    public async Task FlushAsync()
    {
        var token = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        await SayAsync(new GossipMessage.Ping(token));
        await HearAsync<GossipMessage.Pong>(p => p.Token == token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _connection.DisposeAsync();
        await _reading;
    }

    private Task UntilAsync(Func<bool> condition, string what) => Cluster.UntilAsync(
        () => Task.FromResult(condition()),
        () => $"{what}; heard "
            + string.Join(", ", _heard.Select(m => m.GetType().Name).TakeLast(9)));

    private async Task ListenAsync()
    {
        try
        {
            while (await _connection.ReceiveAsync(_stop.Token) is { } frame)
            {
                Longest = frame.Length > Longest.Length ? frame : Longest;
                if (MessageCodec.Decode(frame, Names, Sizes) is DecodeResult.Read(var message, _))
                {
                    await TakeAsync(message);
                }
            }
        }
        catch (Exception e) when (e is TransportException or OperationCanceledException)
        {
            // It ended.
        }
    }

    private async Task TakeAsync(GossipMessage message)
    {
        if (message is GossipMessage.Hello hello)
        {
            // Seen by others only when it is whole: they read it from other threads.
            var names = new TopicNames(_nonce, hello.Nonce);
            names.Learn(Topic);
            Names = names;
        }

        _heard.Enqueue(message);
        if (Answer?.Invoke(message) is { } answer)
        {
            await TrySendAsync(MessageCodec.Encode(answer, Names));
        }
    }
}
