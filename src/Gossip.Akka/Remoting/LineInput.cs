using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;

namespace Gossip.Akka.Remoting;

/// <summary>
/// What came and is not read yet? The line's actor writes, the connection reads; what was read is
/// told, so that the other end may send as much again.
/// </summary>
internal sealed class LineInput(Action<int> read) : PipeReader
{
    // The credit bounds it, so the pipe itself need not make its writer wait.
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: 0,
        useSynchronizationContext: false));

    private ReadOnlySequence<byte> _last;

    public void Add(ReadOnlySpan<byte> content)
    {
        _pipe.Writer.Write(content);
        var flush = _pipe.Writer.FlushAsync();
        Debug.Assert(flush.IsCompleted, "A pipe without a threshold made its writer wait.");
    }

    /// <summary>Null: in order, after what came before.</summary>
    public void End(string? failure) =>
        _pipe.Writer.Complete(failure is null ? null : new IOException(failure));

    public override bool TryRead(out ReadResult result)
    {
        var any = _pipe.Reader.TryRead(out result);
        _last = result.Buffer;
        return any;
    }

    public override async ValueTask<ReadResult> ReadAsync(
        CancellationToken cancellationToken = default)
    {
        var result = await _pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        _last = result.Buffer;
        return result;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var count = (int)_last.Slice(0, consumed).Length;
        _last = default;
        _pipe.Reader.AdvanceTo(consumed, examined);
        if (count > 0)
        {
            read(count);
        }
    }

    public override void CancelPendingRead() => _pipe.Reader.CancelPendingRead();

    public override void Complete(Exception? exception = null) =>
        _pipe.Reader.Complete(exception);
}
