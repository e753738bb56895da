using System.IO.Pipelines;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Transport;

/// <summary>Two bounded pipes between two nodes: bytes are copied, as a network would.</summary>
internal sealed class MemoryLink
{
    /// <summary>As much as a kernel holds of a connection: senders wait for readers.</summary>
    private const int BufferBytes = 256 * 1024;

    private readonly MemoryNetwork _network;
    private readonly Pipe _there = NewPipe();
    private readonly Pipe _back = NewPipe();

    public MemoryLink(MemoryNetwork network, string dialer, string listener)
    {
        (_network, Dialer, Listener) = (network, dialer, listener);
        network.Add(this);
    }

    /// <summary>The dialling node's own address.</summary>
    public string Dialer { get; }

    /// <summary>The listening node's own address.</summary>
    public string Listener { get; }

    public Carrier AtDialer(Did peer, string address) =>
        new(peer, address, _back.Reader, Output(_there), () => CloseAsync(_there, _back));

    public Carrier AtListener(Did peer) =>
        new(peer, Dialer, _there.Reader, Output(_back), () => CloseAsync(_back, _there));

    public void Break(string why)
    {
        _network.Remove(this);
        foreach (var pipe in (Pipe[])[_there, _back])
        {
            pipe.Writer.CancelPendingFlush();
            pipe.Writer.Complete(new IOException(why));
        }
    }

    private async ValueTask CloseAsync(Pipe own, Pipe other)
    {
        _network.Remove(this);
        await own.Writer.CompleteAsync().ConfigureAwait(false);
        await other.Reader.CompleteAsync().ConfigureAwait(false);
    }

    private static Stream Output(Pipe pipe) => pipe.Writer.AsStream(leaveOpen: true);

    private static Pipe NewPipe() => new(new PipeOptions(
        pauseWriterThreshold: BufferBytes,
        resumeWriterThreshold: BufferBytes / 2,
        useSynchronizationContext: false));
}
