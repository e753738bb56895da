using System.Buffers;
using System.Buffers.Binary;
using Akka.Actor;

namespace Gossip.Akka.Remoting;

/// <summary>
/// Did this chunk come from the other end, next in order, and within its credit? The part of a line
/// that lives once both ends are proven.
/// </summary>
internal sealed class OpenLine
{
    /// <summary>Bytes read before credit goes back: a message for every other chunk.</summary>
    public const int CreditEvery = 2 * LineLimits.ChunkBytesMax;

    private readonly LineCipher _cipher;
    private readonly LineSender _sender;
    private readonly LineRefusals _refusals;
    private ulong _next;
    private int _allowance;
    private int _owed;

    public OpenLine(
        IActorRef self,
        IActorRef peer,
        (byte[] Send, byte[] Receive) keys,
        (int Send, int Receive) windows,
        LineRefusals refusals)
    {
        _cipher = new(keys.Receive);
        _sender = new(self, peer, new(keys.Send));
        _refusals = refusals;
        _allowance = windows.Receive;
        Input = new(Owe);
        Output = new(_sender, LineLimits.ChunkBytesMax, windows.Send);
    }

    public LineInput Input { get; }

    public LineOutput Output { get; }

    /// <summary>Whether the other end has said anything, and so holds the keys.</summary>
    public bool HasHeard => _next > 0;

    /// <summary>Null, or why the line breaks; empty when the other end ended in order.</summary>
    public string? Take(byte[] chunk)
    {
        if (chunk.Length - LineCipher.OverheadBytes is < 0 or > LineLimits.ChunkBytesMax)
        {
            return Ignore(LineRefusal.WrongSize);
        }

        var room = ArrayPool<byte>.Shared.Rent(chunk.Length);
        try
        {
            var content = room.AsSpan(0, chunk.Length - LineCipher.OverheadBytes);
            return _cipher.TryOpen(chunk, content, out var kind)
                ? Follow(LineCipher.NumberOf(chunk), kind, content)
                : Ignore(LineRefusal.Unauthentic);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    public void End() => _sender.Send(ChunkKind.End, []);

    /// <summary>Null: in order. What is on its way in can still be read then.</summary>
    public void Close(string? failure)
    {
        Input.End(failure);
        Output.Fail(failure ?? "the peer ended");
    }

    private string? Follow(ulong number, ChunkKind kind, ReadOnlySpan<byte> content)
    {
        if (number < _next)
        {
            return Ignore(LineRefusal.OutOfSequence);
        }

        if (number > _next)
        {
            return Break(
                LineRefusal.OutOfSequence,
                $"chunk {number} came where {_next} was due: Akka.Remote lost what lies between");
        }

        _next++;
        return kind switch
        {
            ChunkKind.Data => Fill(content),
            ChunkKind.Credit when content.Length == 4 =>
                Output.TryCredit(BinaryPrimitives.ReadInt32BigEndian(content))
                    ? null
                    : Break(LineRefusal.BeyondWindow, "the peer gave back more than it was sent"),
            ChunkKind.End => "",
            _ => Break(LineRefusal.Unexpected, $"a chunk of kind {(byte)kind} has no meaning"),
        };
    }

    private string? Fill(ReadOnlySpan<byte> content)
    {
        if (Interlocked.Add(ref _allowance, -content.Length - LineLimits.ChunkCost) < 0)
        {
            return Break(LineRefusal.BeyondWindow, "the peer sent more than it had credit for");
        }

        // It waits no more; its content does until it is read.
        Input.Add(content);
        Owe(LineLimits.ChunkCost);
        return null;
    }

    /// <summary>By the line, and by whoever reads.</summary>
    private void Owe(int count)
    {
        if (Interlocked.Add(ref _owed, count) >= CreditEvery
            && Interlocked.Exchange(ref _owed, 0) is > 0 and var owed)
        {
            // First, so that what the credit brings is allowed when it comes.
            Interlocked.Add(ref _allowance, owed);
            _sender.SendCredit(owed);
        }
    }

    private string? Ignore(LineRefusal why)
    {
        _refusals.Add(why);
        return null;
    }

    private string Break(LineRefusal why, string reason)
    {
        _refusals.Add(why);
        return reason;
    }
}
