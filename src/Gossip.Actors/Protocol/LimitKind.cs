namespace Gossip.Actors.Protocol;

/// <summary>
/// What can be used up here? Each has an option, a counter <c>limit-rejected.…</c> that says how
/// often it was reached, and a line in <c>gossip limits</c>.
/// </summary>
public enum LimitKind
{
    /// <summary>Links in all, dialled and accepted.</summary>
    Connections,

    /// <summary>Accepted links: half of all places are kept for links we dial.</summary>
    ConnectionsAccepted,

    /// <summary>Accepted links of one remote address.</summary>
    ConnectionsPerAddress,

    /// <summary>Links with one key.</summary>
    ConnectionsPerIdentity,

    /// <summary>Links with one process: one key, one instance.</summary>
    ConnectionsPerProcess,

    /// <summary>Accepted, and not through the handshake yet.</summary>
    Handshakes,

    /// <summary>Frames of one identity: beyond it, its links are read more slowly.</summary>
    PeerFrames,

    /// <summary>Bytes of one identity: beyond it, its links are read more slowly.</summary>
    PeerBytes,

    /// <summary>Entries that one identity sends unasked: beyond it, they are dropped.</summary>
    PeerEntries,

    /// <summary>Signatures that one identity makes us check unasked.</summary>
    PeerVerifications,

    /// <summary>Rows of heads that one identity tells.</summary>
    PeerRows,

    /// <summary>Pulls that one identity asks us to answer.</summary>
    PeerPulls,

    /// <summary>Topics that one identity begins to name.</summary>
    PeerSubscriptions,

    /// <summary>Signatures that all peers together make us check unasked.</summary>
    Verifications,

    /// <summary>Topics that one link names at a time.</summary>
    TopicsPerPeer,

    /// <summary>Bytes of one frame, as it comes or opened.</summary>
    FrameBytes,

    /// <summary>Bytes received of one link and not yet stored: beyond it, it waits.</summary>
    Credit,

    /// <summary>Bytes received of all links and not yet stored: beyond it, they wait.</summary>
    Received,

    /// <summary>Bytes that wait to be sent on one link: beyond it, they are dropped.</summary>
    SendQueue,

    /// <summary>Signals that wait for one actor.</summary>
    Mailbox,

    /// <summary>Publish calls that wait for their commit: beyond it, they wait for room.</summary>
    Publishes,

    /// <summary>Events that wait for one watcher: beyond it, they are missed.</summary>
    Events,

    /// <summary>Bytes of entries of all topics: beyond it, the oldest are forgotten.</summary>
    StoredBytes,

    /// <summary>Bytes of entries of one topic: beyond it, the oldest are forgotten.</summary>
    StoredBytesPerTopic,
}
