namespace Gossip.Actors.Protocol;

/// <summary>
/// Which node this is: its key, this run of its process, its network and address.
/// </summary>
public sealed record Self(Did Did, ulong Instance, string Network, string ListenAddress);
