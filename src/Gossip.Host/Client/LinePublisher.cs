using System.Buffers;
using System.IO.Pipelines;
using Gossip.Host.Api;
using Gossip.Host.Commands;

namespace Gossip.Host.Client;

/// <summary>
/// Publishes a stream line by line, in order: one request at a time, each with all the lines that
/// are there. Memory holds one read and one batch, however long the input. With a key the whole
/// input is one request, so that a retry is the same publish.
/// </summary>
internal sealed class LinePublisher(
    NodeClient client, string topic, PublishTerms terms, int lineBytesMax,
    Action<ReceiptsShape> acknowledged, TimeProvider time) : IDisposable
{
    // An interrupted command lets the request on its way end, so that its outcome is known.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly LineBatch _batch = new();
    private long _line;

    /// <exception cref="CommandException">A line is too long, or the node refused.</exception>
    public async Task RunAsync(Stream input, CancellationToken stop)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(
            bufferSize: LineBatch.BytesMax, leaveOpen: true));
        while (true)
        {
            // Standard input cannot be cancelled; the wait for it can.
            var read = await reader.ReadAsync(stop).AsTask().WaitAsync(stop);
            var rest = read.Buffer;
            while (TakeLine(ref rest, read.IsCompleted) is { } line)
            {
                await AddAsync(line, stop);
            }

            if (terms.Key is null || read.IsCompleted)
            {
                await SendAsync(stop);
            }

            if (rest.Length > lineBytesMax + 1)
            {
                throw TooLong();
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    public void Dispose() => _batch.Dispose();

    /// <summary>
    /// The next line without its end (\n or \r\n); null when it has not ended yet.
    /// </summary>
    internal static ReadOnlySequence<byte>? TakeLine(
        ref ReadOnlySequence<byte> rest, bool isCompleted)
    {
        ReadOnlySequence<byte> line;
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
        }
        else if (isCompleted && !rest.IsEmpty)
        {
            line = rest;
            rest = rest.Slice(rest.End);
        }
        else
        {
            return null;
        }

        var beforeLast = Math.Max(0, line.Length - 1);
        return line.Slice(beforeLast).FirstSpan.SequenceEqual("\r"u8)
            ? line.Slice(0, beforeLast)
            : line;
    }

    private async Task AddAsync(ReadOnlySequence<byte> line, CancellationToken stop)
    {
        if (line.Length > lineBytesMax)
        {
            if (terms.Key is null)
            {
                await SendAsync(stop);
            }

            throw TooLong();
        }

        _line++;
        if (!_batch.TryAdd(line))
        {
            if (terms.Key is not null)
            {
                throw CommandException.Failed("payloads-too-many",
                    $"With --key the input is one publish: at most {LineBatch.LinesMax} lines and "
                    + $"{LineBatch.BytesMax} bytes. Split it, with a key for each part.");
            }

            await SendAsync(stop);
            _batch.TryAdd(line);
        }
    }

    private async Task SendAsync(CancellationToken stop)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        stop.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var interrupted = stop.Register(() => late.CancelAfter(Grace));
        var receipts = await client.PublishAsync(
            topic, _batch.Body, PublishBody.BatchType, terms, late.Token);
        _batch.Clear();
        acknowledged(receipts);
    }

    private CommandException TooLong() => CommandException.Failed("payload-too-large",
        $"Line {_line + 1} has more than {lineBytesMax} bytes, the node's limit for a payload; "
        + "shorten it, or raise sizes.payload-bytes-max.");
}
