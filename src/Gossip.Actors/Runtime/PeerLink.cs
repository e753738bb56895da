using System.Threading.Channels;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;

namespace Gossip.Actors.Runtime;

/// <summary>
/// How do bytes get in and out of one connection? Two loops, one reading under credit, one writing
/// from the queue; whichever ends first ends both, and gives the reason.
/// </summary>
internal sealed class PeerLink(
    Link id, IConnection connection, GossipSizes sizes, Pace pace = default) : IAsyncDisposable
{
    /// <summary>Pages read for one peer at once: it asks one per topic at a time.</summary>
    private const int ServesMax = 8;

    private readonly SemaphoreSlim _serves = new(ServesMax);
    private readonly SendQueue _queue = new(sizes.SendQueueBytesMax);
    private string? _hangup;
    private int _serving;

    public Link Id => id;

    /// <summary>Ends when the link and its session have ended.</summary>
    public Task Life { get; set; } = Task.CompletedTask;

    public ByteCredit Credit { get; } = new(sizes.CreditBytes, pace.Pool);

    /// <summary>Bytes that wait to be sent, of the class that has most.</summary>
    public long QueueBytes => _queue.MostBytes;

    /// <summary>What it does not take any more is no sign of a full queue.</summary>
    public bool IsEnding => Volatile.Read(ref _hangup) is not null;

    public string RemoteAddress => connection.RemoteAddress;

    public Did Peer => connection.Peer;

    /// <summary>False when the frame was dropped.</summary>
    public bool Send(byte[] frame, SendClass sendClass)
    {
        var isQueued = _queue.TryAdd(frame, sendClass);
        if (!isQueued && sendClass == SendClass.Control)
        {
            // Dropped control would leave the two sides with different ideas of each other.
            Hangup("it does not take what it is sent");
        }

        return isQueued;
    }

    /// <summary>
    /// Waits for its turn to read a page for this peer; false when too many wait.
    /// </summary>
    public async Task<bool> BeginServeAsync(CancellationToken stop)
    {
        if (Interlocked.Increment(ref _serving) > sizes.TopicsPerPeerMax)
        {
            Interlocked.Decrement(ref _serving);
            return false;
        }

        await _serves.WaitAsync(stop).ConfigureAwait(false);
        return true;
    }

    public void EndServe()
    {
        Interlocked.Decrement(ref _serving);
        _serves.Release();
    }

    public void Hangup(string reason)
    {
        Interlocked.CompareExchange(ref _hangup, reason, null);
        _queue.Finish();
    }

    /// <summary>Runs until the connection ends; never throws. Returns why it ended.</summary>
    public async Task<string> RunAsync(Func<Signal, ValueTask> tell, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var read = ReadAsync(tell, ended.Token);
        var write = WriteAsync(ended.Token);
        var first = await Task.WhenAny(read, write).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(read, write).ConfigureAwait(false);
        return _hangup ?? await first.ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<string> ReadAsync(Func<Signal, ValueTask> tell, CancellationToken stop)
    {
        try
        {
            while (await connection.ReceiveAsync(stop).ConfigureAwait(false) is { } frame)
            {
                var signal = new Signal.Frame(id, frame);
                pace.Note(await Credit.TakeAsync(signal.Cost, stop).ConfigureAwait(false));
                await tell(signal).ConfigureAwait(false);
                await pace.KeepAsync(signal.Cost, stop).ConfigureAwait(false);
            }

            return "the peer closed the connection";
        }
        catch (ChannelClosedException)
        {
            return "its session ended";
        }
        catch (TransportException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return "this side ended";
        }
    }

    private async Task<string> WriteAsync(CancellationToken stop)
    {
        try
        {
            while (await _queue.TakeAsync(stop).ConfigureAwait(false) is { } frames)
            {
                await connection.SendAsync(frames, stop).ConfigureAwait(false);
            }

            return _hangup ?? "this side ended";
        }
        catch (TransportException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return "this side ended";
        }
    }
}
