namespace Gossip.Actors.Protocol;

/// <summary>Where we stand with an address.</summary>
internal enum TargetState
{
    Dialing,
    Connected,
    Waiting,
}

/// <summary>An address that we want to be connected to.</summary>
internal sealed class DialTarget(string address)
{
    public string Address => address;

    /// <summary>Nobody else will do; null when anyone will.</summary>
    public Did? Wanted { get; init; }

    /// <summary>
    /// It answered there; or who did has another link, or a new process that listens there.
    /// What a stranger says of its address proves nothing.
    /// </summary>
    public bool IsAt(Peer peer) => peer.DialedAddress == address
        || (peer.Did.Equals(Peer?.Did)
            && (peer.Instance == Peer?.Instance || peer.ListenAddress == address));

    public TargetState State { get; set; }

    /// <summary>Who answered there last.</summary>
    public Peer? Peer { get; set; }

    public int Attempts { get; set; }

    public int Successes { get; set; }

    public long LastSeen { get; set; }

    public string? LastError { get; set; }
}
