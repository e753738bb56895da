using System.Net;

namespace Gossip.Actors.Transport;

/// <summary>One socket that was accepted, as the <see cref="Doorkeeper"/> knows it.</summary>
internal sealed class Guest(IPAddress from, long number, Action sendAway)
{
    /// <summary>Of IPv6 a whole /64: who has one address there has all.</summary>
    public IPAddress From => from;

    /// <summary>In order of arrival.</summary>
    public long Number => number;

    public GuestState State { get; set; }

    /// <summary>Closes its socket; what waits for it ends.</summary>
    public void SendAway() => sendAway();
}

/// <summary>How far a guest got.</summary>
internal enum GuestState
{
    /// <summary>It has not sent a whole client hello.</summary>
    Greeting,

    /// <summary>Its handshake runs.</summary>
    Shaking,

    /// <summary>Its handshake ended well; it stays until it is closed.</summary>
    Inside,

    Gone,
}
