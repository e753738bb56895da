namespace Gossip.Akka.Remoting;

/// <summary>
/// How much may be sent? Cuts what is written into chunks, never more than the other end gave
/// credit for: Akka.Remote would take, and hold in memory, all there is.
/// </summary>
internal sealed class LineOutput(LineSender sender, int chunkBytesMax, int window) : Stream
{
    private readonly Lock _gate = new();
    private readonly int _window = window;
    private int _credit = window;
    private string? _failure;
    private TaskCompletionSource? _waiting;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>False when more came back than was ever given.</summary>
    public bool TryCredit(int bytes)
    {
        lock (_gate)
        {
            if (bytes <= 0 || bytes > _window - _credit)
            {
                return false;
            }

            _credit += bytes;
            Wake();
            return true;
        }
    }

    /// <summary>Whoever writes, now or later, is told why nothing can be written.</summary>
    public void Fail(string why)
    {
        lock (_gate)
        {
            _failure ??= why;
            Wake();
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var count = await TakeAsync(Math.Min(buffer.Length, chunkBytesMax), cancellationToken)
                .ConfigureAwait(false);
            sender.Send(ChunkKind.Data, buffer.Span[..count]);
            buffer = buffer[count..];
        }
    }

    public override Task WriteAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Nothing is kept back.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    private async ValueTask<int> TakeAsync(int wanted, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            Task credited;
            lock (_gate)
            {
                if (_failure is not null)
                {
                    throw new IOException(_failure);
                }

                if (_credit > LineLimits.ChunkCost)
                {
                    var taken = Math.Min(wanted, _credit - LineLimits.ChunkCost);
                    _credit -= taken + LineLimits.ChunkCost;
                    return taken;
                }

                _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                credited = _waiting.Task;
            }

            await credited.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    private void Wake()
    {
        _waiting?.TrySetResult();
        _waiting = null;
    }
}
