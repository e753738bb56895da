using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Transport;

/// <summary>
/// How do frames get from one node to another? Each connection is authenticated both ways before
/// it exists: its peer's DID is the key it proved. Every implementation passes TransportContract.
/// </summary>
public interface ITransport
{
    /// <exception cref="TransportException">The address cannot be listened on, and why.</exception>
    Task<IListener> ListenAsync(string address, CancellationToken stop);

    /// <exception cref="TransportException">Nobody there, or not one of us, and why.</exception>
    Task<IConnection> DialAsync(string address, CancellationToken stop);

    /// <summary>
    /// What it refused for reasons of its own, whether or not it ever did: they stand among the
    /// counters of a node's status.
    /// </summary>
    IEnumerable<KeyValuePair<string, long>> Counters => [];
}

public interface IListener : IAsyncDisposable
{
    /// <summary>Where this node can be dialled; the port is the one really bound.</summary>
    string Address { get; }

    /// <summary>
    /// The next connection that completed its handshake. A peer that is slow, or fails, at its
    /// handshake delays nobody else.
    /// </summary>
    /// <exception cref="OperationCanceledException">Stopped or disposed.</exception>
    Task<IConnection> AcceptAsync(CancellationToken stop);

    /// <summary>Which limits it keeps at its door, and how much of each is used.</summary>
    ImmutableArray<LimitStatus> Limits => [];
}

/// <summary>
/// A duplex of whole frames, in order, each once, until it breaks. One reader and one writer at a
/// time. Disposing ends it at once, both ways.
/// </summary>
public interface IConnection : IAsyncDisposable
{
    /// <summary>The key that the other side proved.</summary>
    Did Peer { get; }

    string RemoteAddress { get; }

    /// <summary>The next frame; null when the other side ended in order.</summary>
    /// <exception cref="TransportException">Broken, silent too long, frame too large.</exception>
    ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken stop);

    /// <summary>Completes when the frames are handed to the network, in order.</summary>
    /// <exception cref="TransportException">Broken, or the write deadline passed.</exception>
    ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> frames, CancellationToken stop);
}

/// <summary>A connection could not be made or broke; the message says why, for a person.</summary>
public sealed class TransportException(string message, Exception? inner = null)
    : IOException(message, inner)
{
    /// <summary>The peer began a frame that is larger than may be.</summary>
    public bool IsFrameTooLarge { get; init; }
}
