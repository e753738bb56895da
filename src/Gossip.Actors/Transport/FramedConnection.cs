using System.IO.Pipelines;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Transport;

/// <summary>
/// What carries the bytes of one connection, and whom to? Closed once, when nothing is read any
/// more.
/// </summary>
internal sealed record Carrier(
    Did Peer,
    string RemoteAddress,
    PipeReader Input,
    Stream Output,
    Func<ValueTask> CloseAsync);

/// <summary>
/// Frames over a byte stream, with deadlines: silence and a peer that takes nothing end it.
/// </summary>
internal sealed class FramedConnection(
    Carrier carrier,
    GossipTimes times,
    GossipSizes sizes,
    TimeProvider time) : IConnection
{
    // Never disposed: a receive or send that is just ending may still look at it.
    private readonly CancellationTokenSource _closed = new();
    private string? _receiveEnd;
    private string? _sendEnd;
    private int _disposed;

    public Did Peer => carrier.Peer;

    public string RemoteAddress => carrier.RemoteAddress;

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken stop)
    {
        ThrowIfEnded(_receiveEnd);
        try
        {
            return carrier.Input.TryRead(out var buffered) && Take(buffered, out var frame)
                ? frame
                : await WaitAsync(stop).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _receiveEnd = "it broke before";
            if (e is TransportException or OperationCanceledException)
            {
                throw;
            }

            throw Gone(e.Message.TrimEnd('.'), e);
        }
    }

    public async ValueTask SendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> frames,
        CancellationToken stop)
    {
        ThrowIfEnded(_sendEnd);
        foreach (var frame in frames)
        {
            if (frame.Length > sizes.FrameBytesMax)
            {
                throw new TransportException(
                    $"A frame of {frame.Length} bytes is not sent: at most {sizes.FrameBytesMax}.");
            }
        }

        using var stall = new CancellationTokenSource(times.WriteTimeout, time);
        using var either = Either(stall, stop);
        try
        {
            await FrameWriter.WriteAsync(frames, WriteAsync).ConfigureAwait(false);
            await carrier.Output.FlushAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Part of a frame may be out: nothing more can be said on this connection.
            _sendEnd = "an earlier frame was cut short";
            stop.ThrowIfCancellationRequested();
            throw Explain(e, stall, $"the peer took nothing for {times.WriteTimeout}");
        }

        ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            stall.CancelAfter(times.WriteTimeout);
            using var _ = Stages.Measure(Stage.Send);
            return carrier.Output.WriteAsync(bytes, either.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _closed.CancelAsync().ConfigureAwait(false);
            await carrier.CloseAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>?> WaitAsync(CancellationToken stop)
    {
        using var silence = new CancellationTokenSource(times.IdleTimeout, time);
        using var either = Either(silence, stop);
        try
        {
            while (true)
            {
                var read = await carrier.Input.ReadAsync(either.Token).ConfigureAwait(false);
                if (Take(read, out var frame))
                {
                    return frame;
                }

                if (read.IsCompleted)
                {
                    return read.Buffer.IsEmpty ? null : throw Cut();
                }

                silence.CancelAfter(times.IdleTimeout);
            }
        }
        catch (Exception e) when (e is not TransportException)
        {
            stop.ThrowIfCancellationRequested();
            throw Explain(e, silence, $"nothing came for {times.IdleTimeout}");
        }
    }

    private bool Take(ReadResult read, out ReadOnlyMemory<byte> frame)
    {
        var rest = read.Buffer;
        var isWhole = FrameReader.TryRead(ref rest, sizes.FrameBytesMax, out frame);
        carrier.Input.AdvanceTo(rest.Start, isWhole ? rest.Start : rest.End);
        return isWhole;
    }

    private CancellationTokenSource Either(CancellationTokenSource timer, CancellationToken stop) =>
        CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _closed.Token, stop);

    private void ThrowIfEnded(string? end)
    {
        if ((_closed.IsCancellationRequested ? "it was closed here" : end) is { } why)
        {
            throw Gone(why);
        }
    }

    private TransportException Explain(Exception e, CancellationTokenSource timer, string late) =>
        Gone(
            timer.IsCancellationRequested ? late
                : _closed.IsCancellationRequested ? "it was closed here"
                : e.Message.TrimEnd('.'),
            e);

    private TransportException Cut() => Gone("the peer ended in the middle of a frame");

    private TransportException Gone(string why, Exception? inner = null) =>
        new($"The connection with {RemoteAddress} is gone: {why}.", inner);
}
