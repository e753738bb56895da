using System.Buffers.Binary;
using Akka.Actor;

namespace Gossip.Akka.Remoting;

/// <summary>
/// What was said to the other end so far? Data, credit and the end come from different threads;
/// they share one count, so that whatever Akka.Remote loses leaves a gap.
/// </summary>
internal sealed class LineSender(IActorRef self, IActorRef peer, LineCipher cipher)
{
    private readonly Lock _gate = new();
    private ulong _next;
    private bool _isOver;

    /// <summary>Nothing is sent after the end.</summary>
    public void Send(ChunkKind kind, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = kind == ChunkKind.End;
            peer.Tell(cipher.Seal(kind, _next++, content), self);
        }
    }

    public void SendCredit(int bytes)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, bytes);
        Send(ChunkKind.Credit, four);
    }
}
