namespace Gossip.Akka.Remoting;

/// <summary>
/// Why was something that came over Akka.Remote not taken? Each is a counter of the node's status:
/// <c>line-refused.…</c>.
/// </summary>
public enum LineRefusal
{
    /// <summary>A line was told something by another actor than its peer's line.</summary>
    Stranger,

    /// <summary>It claims to come from the peer's line and is not sealed with its key.</summary>
    Unauthentic,

    /// <summary>It came before, or something before it never came.</summary>
    OutOfSequence,

    /// <summary>Longer than a chunk may be, or shorter than one can be.</summary>
    WrongSize,

    /// <summary>
    /// More bytes than credit was given for, or more credit than there is window.
    /// </summary>
    BeyondWindow,

    /// <summary>A signature that the key it names did not make over this very handshake.</summary>
    BadProof,

    /// <summary>A message of a type, or at a time, that has no meaning here.</summary>
    Unexpected,

    /// <summary>No control message of ours: refused before anything was made of it.</summary>
    WrongShape,

    /// <summary>
    /// For a serializer that makes whatever type the sender names: refused unread.
    /// </summary>
    Polymorphic,

    /// <summary>Too many are at the door, or inside.</summary>
    NoRoom,

    /// <summary>More waits for a line, or for the door, than its mailbox holds.</summary>
    MailboxFull,
}
