using Akka.Actor;
using Akka.Cluster;
using Gossip.Actors;

namespace Gossip.Akka;

/// <summary>
/// Which members of the Akka cluster carry topics? Each that is up and has the role is a peer to be
/// dialled; one that was removed is dialled no more. Unreachable says nothing: the peer book
/// notices by itself, and goes on dialling until the cluster decides.
/// </summary>
internal sealed class ClusterPeers : ReceiveActor
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly GossipNode _node;
    private readonly string _role;

    public ClusterPeers(GossipNode node, string role)
    {
        (_node, _role) = (node, role);
        Receive<ClusterEvent.MemberUp>(up => Meet(up.Member));
        Receive<ClusterEvent.MemberWeaklyUp>(up => Meet(up.Member));
        Receive<ClusterEvent.MemberRemoved>(removed => Part(removed.Member));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
    }

    public static Props Of(GossipNode node, string role) =>
        Props.Create(() => new ClusterPeers(node, role));

    /// <summary>The present members come as events, too.</summary>
    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Meet(Member member)
    {
        if (AddressOf(member) is { } address)
        {
            _node.Discover(address);
        }
    }

    private void Part(Member member)
    {
        if (AddressOf(member) is { } address)
        {
            _node.Vanish(address);
        }
    }

    /// <summary>Null for this node itself, and for who carries no topics.</summary>
    private string? AddressOf(Member member) =>
        member.Address != _cluster.SelfAddress && member.HasRole(_role)
            ? $"{member.Address.Host}:{member.Address.Port}"
            : null;
}
