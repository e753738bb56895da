using System.Collections.Concurrent;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Actors.Wire;
using Gossip.Tests.Hostile;

namespace Gossip.Adversary.Replays;

/// <summary>
/// A peer with a key of its own that two honest nodes take for each other's neighbour: it passes
/// every frame on unread, and keeps all of them.
/// </summary>
/// <remarks>
/// It shows each node the other's nonce, so that both name a topic alike and nothing needs to be
/// changed on its way.
/// </remarks>
internal sealed class Middle : IAsyncDisposable
{
    private static readonly GossipSizes Sizes = new();

    private readonly CancellationTokenSource _stop = new();
    private readonly Side _one;
    private readonly Side _other;

    private Middle(EcKeys keys, Side one, Side other)
    {
        (Keys, _one, _other) = (keys, one, other);
        Names = new(one.Hello.Nonce, other.Hello.Nonce);
        Names.Learn(HostilePeer.Topic);
    }

    public EcKeys Keys { get; }

    /// <summary>How the recorded frames name topics.</summary>
    public TopicNames Names { get; }

    /// <summary>Everything that was sent to the first node, its own hello included.</summary>
    public IReadOnlyList<byte[]> ToOne => [.. _one.Sent];

    public IReadOnlyList<byte[]> ToOther => [.. _other.Sent];

    private Task Passing { get; set; } = Task.CompletedTask;

    public static async Task<Middle> BetweenAsync(GossipNode one, GossipNode other)
    {
        var keys = EcKeys.Generate();
        var middle = new Middle(
            keys, await Side.OfAsync(keys, one), await Side.OfAsync(keys, other));
        await middle._one.SendAsync(middle.HelloAs(middle._other));
        await middle._other.SendAsync(middle.HelloAs(middle._one));
        middle.Passing = Task.WhenAll(
            middle.PassAsync(middle._one, middle._other),
            middle.PassAsync(middle._other, middle._one));
        return middle;
    }

    /// <summary>Nothing is passed on any more: what a node says now, nobody hears.</summary>
    public void EndPassing() => _one.IsMuted = _other.IsMuted = true;

    /// <summary>Says it once more on the connection where it was said.</summary>
    public async Task RepeatAsync(IEnumerable<byte[]> toOne, IEnumerable<byte[]> toOther)
    {
        await _one.RepeatAsync(toOne);
        await _other.RepeatAsync(toOther);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _one.Connection.DisposeAsync();
        await _other.Connection.DisposeAsync();
        await Passing;
        _stop.Dispose();
    }

    private byte[] HelloAs(Side other) => MessageCodec.Encode(
        other.Hello with { From = Keys.Self, ListenAddress = "" }, null);

    private async Task PassAsync(Side from, Side to)
    {
        try
        {
            while (await from.Connection.ReceiveAsync(_stop.Token) is { } frame)
            {
                if (!from.IsMuted)
                {
                    await to.SendAsync(frame.ToArray());
                }
            }
        }
        catch (Exception e) when (e is TransportException or OperationCanceledException)
        {
            // One of them ended: so do we.
        }
    }

    /// <summary>One of the two connections.</summary>
    private sealed record Side(IConnection Connection, GossipMessage.Hello Hello)
    {
        private readonly SemaphoreSlim _writing = new(1);

        public ConcurrentQueue<byte[]> Sent { get; } = new();

        /// <summary>What this node says is for nobody.</summary>
        public bool IsMuted { get; set; }

        public static async Task<Side> OfAsync(EcKeys keys, GossipNode node)
        {
            var transport = new TcpTransport(keys, new(), Sizes, TimeProvider.System);
            var connection = await transport.DialAsync(node.Address!, CancellationToken.None);
            var hello = await connection.ReceiveAsync(CancellationToken.None);
            return MessageCodec.Decode(hello!.Value, null, Sizes)
                is DecodeResult.Read(GossipMessage.Hello heard, _)
                ? new(connection, heard)
                : throw new TransportException("The node's first word was no hello.");
        }

        public async Task SendAsync(byte[] frame)
        {
            Sent.Enqueue(frame);
            await RepeatAsync([frame]);
        }

        public async Task RepeatAsync(IEnumerable<byte[]> frames)
        {
            await _writing.WaitAsync();
            try
            {
                await Connection.SendAsync(
                    [.. frames.Select(f => (ReadOnlyMemory<byte>)f)], CancellationToken.None);
            }
            finally
            {
                _writing.Release();
            }
        }
    }
}
