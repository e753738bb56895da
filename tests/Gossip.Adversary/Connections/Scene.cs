using Gossip.Actors.Protocol;

namespace Gossip.Adversary.Connections;

/// <summary>
/// Where is the node, whom could one pretend to be, and where does the node dial to?
/// </summary>
internal sealed record Scene(string Address, Did Self, Did Honest, Trap Trap);
