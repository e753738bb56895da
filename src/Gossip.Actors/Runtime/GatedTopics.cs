using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;

namespace Gossip.Actors.Runtime;

/// <summary>Which gates does this node keep? Those of topics that it may govern.</summary>
internal sealed class GatedTopics(RunningNode node) : IGatedTopics
{
    public Task NextChange => node.Audience.Board.PolicyChanges.Next;

    public ImmutableArray<GatedTopic> Topics =>
    [
        .. from topic in node.Topics.All
           let policy = node.Audience.Board.PolicyOf(topic.Id)
           where policy is { MayGovern: true, Owner: not null, Terms.Kind: TopicKind.TrustGated }
           select new GatedTopic(
               topic.Name, policy.Owner!, new(Score.Of(policy.Terms!.MinTrust))),
    ];

    /// <summary>Who was let in otherwise, or by another gate, is not this one's business.</summary>
    public Task<ImmutableArray<GateMember>> MembersAsync(TopicName topic, CancellationToken stop) =>
        Task.FromResult<ImmutableArray<GateMember>>(
        [
            .. (node.Audience.Board.PolicyOf(node.Topics.IdOf(topic))?.Members ?? [])
                .Select(m => new GateMember(m.Did, m.IsByTrust && m.MayRevoke)),
        ]);

    public Task InviteAsync(TopicName topic, Did who, CancellationToken stop) =>
        node.Publishing.GovernAsync(
            node.Topics.IdOf(topic),
            new PolicyWish.Invite(who, true, 0, "") { IsByTrust = true },
            stop);

    public Task RevokeAsync(TopicName topic, Did who, CancellationToken stop) =>
        node.Publishing.GovernAsync(node.Topics.IdOf(topic), new PolicyWish.Revoke(who), stop);
}
