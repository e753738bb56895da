namespace Gossip.Actors.Protocol;

/// <summary>
/// What can a peer do wrong? Only what it does itself, on its own connection. What is not here is
/// never held against anybody: restarts, ends of connections, clocks, another version, network or
/// configuration, our own full disk or queue, what an author signed and a relay passed on, and an
/// author that forks its log (that closes the log).
/// </summary>
public enum Misconduct
{
    /// <summary>
    /// Proof: it sent an entry of its own that it did not sign, over the link where it is itself.
    /// </summary>
    SignatureWrong,

    /// <summary>
    /// Proof: no program of ours sends such a frame, or says such a thing at such a moment.
    /// </summary>
    ProtocolAbuse,

    /// <summary>
    /// Suspicion: it offered entries, and did not serve them when asked. Its disk may be at fault.
    /// </summary>
    PromiseBroken,

    /// <summary>Suspicion: more than its rate limits allow. It may just be busy.</summary>
    Flood,
}

/// <summary>How far is an identity trusted?</summary>
public enum Standing
{
    Good,

    /// <summary>
    /// We do not depend on it: while anybody else is there, nothing is asked of it (no pull, no
    /// round of ours) and it is not dialled. Its link stays, what it sends is judged as ever, what
    /// it asks is answered. A wrong suspicion never parts two nodes that have only each other.
    /// </summary>
    Quarantined,

    /// <summary>For a time: no link with it, in either direction.</summary>
    Banned,

    /// <summary>As banned, by the operator, and until the operator lifts it.</summary>
    Blocked,
}
