using System.Diagnostics;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;

namespace Gossip.Tests.Transport;

/// <summary>
/// What every transport does. A new one passes this suite, and nothing else changes.
/// </summary>
[Row("C1")]
public abstract class TransportContract : IDisposable
{
    protected static readonly GossipTimes Times = new();
    protected static readonly GossipSizes Sizes = new();
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _late = new(Patience);

    protected EcKeys One { get; } = EcKeys.Generate();

    protected EcKeys Other { get; } = EcKeys.Generate();

    /// <summary>Everything in a test ends by then, or the test fails.</summary>
    protected CancellationToken Stop => _late.Token;

    public void Dispose()
    {
        _late.Dispose();
        One.Dispose();
        Other.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract string Free { get; }

    protected abstract ITransport Transport(EcKeys keys, GossipTimes? times = null);

    [Fact]
    [Row("D9")]
    public async Task Both_ends_know_who_the_other_is()
    {
        await using var link = await LinkAsync();

        Assert.Equal(Other.Self, link.Dialer.Peer);
        Assert.Equal(One.Self, link.Accepted.Peer);
        Assert.NotEmpty(link.Accepted.RemoteAddress);
        Assert.Equal(link.Listener.Address, link.Dialer.RemoteAddress);
    }

    [Fact]
    public async Task Frames_arrive_whole_and_in_order_both_ways()
    {
        await using var link = await LinkAsync();
        var frames = Frames(0, 1, 5, 70_000, 0, 16_384, Sizes.FrameBytesMax, 3);

        await Task.WhenAll(
            link.Dialer.SendAsync(frames, Stop).AsTask(),
            link.Accepted.SendAsync(frames, Stop).AsTask(),
            ExpectAsync(link.Dialer, frames),
            ExpectAsync(link.Accepted, frames));
    }

    [Fact]
    public async Task Many_small_frames_arrive_in_order()
    {
        await using var link = await LinkAsync();
        var frames = Enumerable.Range(0, 5000)
            .Select(i => (ReadOnlyMemory<byte>)BitConverter.GetBytes(i)).ToArray();

        var sending = link.Dialer.SendAsync(frames, Stop).AsTask();
        await ExpectAsync(link.Accepted, frames);
        await sending;
    }

    [Fact]
    public async Task What_is_sent_is_a_copy()
    {
        await using var link = await LinkAsync();
        var bytes = new byte[] { 1, 2, 3 };
        await link.Dialer.SendAsync([bytes], Stop);
        bytes[0] = 9;

        var frame = await link.Accepted.ReceiveAsync(Stop);

        Assert.Equal([1, 2, 3], frame!.Value.ToArray());
    }

    [Fact]
    [Row("C7")]
    public async Task A_frame_too_large_is_not_sent_and_the_link_lives_on()
    {
        await using var link = await LinkAsync();

        var refusal = await Assert.ThrowsAsync<TransportException>(async () =>
            await link.Dialer.SendAsync(Frames(1, Sizes.FrameBytesMax + 1), Stop));

        Assert.Contains($"{Sizes.FrameBytesMax}", refusal.Message, StringComparison.Ordinal);
        var frames = Frames(4);
        await link.Dialer.SendAsync(frames, Stop);
        await ExpectAsync(link.Accepted, frames);
    }

    [Fact]
    public async Task An_end_in_order_comes_after_the_last_frame()
    {
        await using var link = await LinkAsync();
        var frames = Frames(10, 20);
        await link.Dialer.SendAsync(frames, Stop);

        var closing = link.Dialer.DisposeAsync();

        await ExpectAsync(link.Accepted, frames);
        Assert.Null(await link.Accepted.ReceiveAsync(Stop));
        await link.Accepted.DisposeAsync();
        await closing;
    }

    [Fact]
    public async Task Disposing_ends_a_receive_that_waits()
    {
        await using var link = await LinkAsync();
        var waiting = link.Dialer.ReceiveAsync(Stop).AsTask();

        await link.Dialer.DisposeAsync();

        await Assert.ThrowsAsync<TransportException>(() => waiting);
        await Assert.ThrowsAsync<TransportException>(
            async () => await link.Dialer.ReceiveAsync(Stop));
        await Assert.ThrowsAsync<TransportException>(
            async () => await link.Dialer.SendAsync(Frames(1), Stop));
    }

    [Fact]
    public async Task Stopping_ends_a_receive_that_waits()
    {
        await using var link = await LinkAsync();
        using var stop = new CancellationTokenSource();
        var waiting = link.Dialer.ReceiveAsync(stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    [Row("C6")]
    public async Task Silence_ends_a_receive_at_the_deadline()
    {
        await using var link = await LinkAsync(
            Times with { IdleTimeout = TimeSpan.FromMilliseconds(100) });

        var end = await Assert.ThrowsAsync<TransportException>(
            async () => await link.Dialer.ReceiveAsync(Stop));

        Assert.Contains("nothing came", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Row("C6")]
    public async Task A_peer_that_takes_nothing_ends_a_send_at_the_deadline()
    {
        await using var link = await LinkAsync(
            Times with { WriteTimeout = TimeSpan.FromMilliseconds(200) });
        var frames = Enumerable.Repeat(Frames(Sizes.FrameBytesMax)[0], 64).ToArray();

        var end = await Assert.ThrowsAsync<TransportException>(
            async () => await link.Dialer.SendAsync(frames, Stop));

        Assert.Contains("took nothing", end.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TransportException>(
            async () => await link.Dialer.SendAsync(Frames(1), Stop));
    }

    [Fact]
    public async Task Dialling_where_nobody_listens_says_so()
    {
        var transport = Transport(One);
        string gone;
        await using (var listener = await transport.ListenAsync(Free, Stop))
        {
            gone = listener.Address;
        }

        var refusal = await Assert.ThrowsAsync<TransportException>(
            () => transport.DialAsync(gone, Stop));

        Assert.Contains($"Nobody listens at {gone}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listening_where_someone_listens_says_so()
    {
        var transport = Transport(One);
        await using var listener = await transport.ListenAsync(Free, Stop);

        var refusal = await Assert.ThrowsAsync<TransportException>(
            () => transport.ListenAsync(listener.Address, Stop));

        Assert.Contains("is in use", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData(":1")]
    [InlineData("here:70000")]
    public async Task What_is_no_address_is_refused(string address)
    {
        await Assert.ThrowsAsync<TransportException>(
            () => Transport(One).DialAsync(address, Stop));
        await Assert.ThrowsAsync<TransportException>(
            () => Transport(One).ListenAsync(address, Stop));
    }

    [Fact]
    public async Task Disposing_a_listener_ends_an_accept_that_waits()
    {
        var listener = await Transport(One).ListenAsync(Free, Stop);
        var waiting = listener.AcceptAsync(Stop);

        await listener.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(Stop.IsCancellationRequested);
    }

    [Fact]
    public async Task Many_connections_live_side_by_side()
    {
        var (one, other) = (Transport(One), Transport(Other));
        await using var listener = await other.ListenAsync(Free, Stop);
        var clock = Stopwatch.StartNew();
        var dialled = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => one.DialAsync(listener.Address, Stop)));
        var accepted = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => listener.AcceptAsync(Stop)));

        await Task.WhenAll(dialled.Select(c => c.SendAsync(Frames(2000), Stop).AsTask()));
        await Task.WhenAll(accepted.Select(c => ExpectAsync(c, Frames(2000))));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Patience);
        await Task.WhenAll(dialled.Concat(accepted).Select(c => c.DisposeAsync().AsTask()));
    }

    protected static ReadOnlyMemory<byte>[] Frames(params int[] sizes) =>
    [
        .. sizes.Select((size, i) =>
        {
            var frame = new byte[size];
            new Random(size + i).NextBytes(frame);
            return (ReadOnlyMemory<byte>)frame;
        }),
    ];

    protected async Task ExpectAsync(
        IConnection connection,
        IEnumerable<ReadOnlyMemory<byte>> frames)
    {
        foreach (var expected in frames)
        {
            var frame = await connection.ReceiveAsync(Stop);
            Assert.True(frame!.Value.Span.SequenceEqual(expected.Span));
        }
    }

    protected async Task<TestLink> LinkAsync(GossipTimes? dialerTimes = null)
    {
        var listener = await Transport(Other).ListenAsync(Free, Stop);
        var dialling = Transport(One, dialerTimes).DialAsync(listener.Address, Stop);
        var accepted = await listener.AcceptAsync(Stop);
        return new(listener, await dialling, accepted);
    }

    protected sealed record TestLink(IListener Listener, IConnection Dialer, IConnection Accepted)
        : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(Dialer.DisposeAsync().AsTask(), Accepted.DisposeAsync().AsTask());
            await Listener.DisposeAsync();
        }
    }
}
