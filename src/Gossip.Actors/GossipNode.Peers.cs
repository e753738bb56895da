using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;

namespace Gossip.Actors;

/// <summary>This part: other nodes.</summary>
public sealed partial class GossipNode
{
    /// <summary>
    /// Everyone this node knows of, connected or not, and how far it trusts them.
    /// </summary>
    public ImmutableArray<PeerView> Peers() => _node.Operator.Peers;

    /// <summary>
    /// A peer's address (HOST:PORT) that was found by other means, a cluster or a name service:
    /// dialled from now on as the bootstrap addresses are, until it vanishes or the node stops.
    /// </summary>
    /// <exception cref="GossipException">address-unusable: it is no address.</exception>
    public void Discover(string address) => _node.Operator.Discover(Canonical(address));

    /// <summary>
    /// Nobody is at a discovered address any more: it is not dialled again. A link stays.
    /// </summary>
    /// <exception cref="GossipException">address-unusable: it is no address.</exception>
    public void Vanish(string address) => _node.Operator.Vanish(Canonical(address));

    /// <summary>
    /// Takes back what this node holds against an identity, a ban too. A block stays. Answers with
    /// how it stood before.
    /// </summary>
    /// <exception cref="GossipException">store-…, stopped.</exception>
    public Task<PeerReputation> PardonAsync(Did peer, CancellationToken stop) =>
        _node.Operator.PardonAsync(peer, stop);

    /// <summary>
    /// No link with an identity from now on, after a restart neither, until it is unblocked.
    /// Answers with how it stood before.
    /// </summary>
    /// <exception cref="GossipException">peer-self, block-reason, store-…, stopped.</exception>
    public Task<PeerReputation> BlockAsync(Did peer, string reason, CancellationToken stop) =>
        _node.Operator.BlockAsync(peer, reason, stop);

    /// <summary>Lifts a block. What was proven still counts. Answers as above.</summary>
    /// <exception cref="GossipException">store-…, stopped.</exception>
    public Task<PeerReputation> UnblockAsync(Did peer, CancellationToken stop) =>
        _node.Operator.UnblockAsync(peer, stop);

    private static string Canonical(string address)
    {
        try
        {
            return Transport.Address.Parse(address).ToString();
        }
        catch (TransportException e)
        {
            throw new GossipException("address-unusable", e.Message, e);
        }
    }
}
