using Gossip.Actors.Protocol;

namespace Gossip.Actors;

/// <content>Topics with an owner.</content>
public sealed partial class GossipNode
{
    /// <summary>The topic that is called so here; null when this node carries none.</summary>
    public TopicRef? Find(TopicName topic) => _node.Topics.Find(topic);

    /// <summary>What this node's owner decides about topics with a policy.</summary>
    public TopicPolicies Policies => new(_node);
}
