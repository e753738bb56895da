using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Nodes;

/// <summary>Who gets in, between real nodes over real sockets?</summary>
public abstract class AccessSuite
{
    private protected abstract Cluster NewCluster();

    private static readonly CancellationToken Go = CancellationToken.None;

    [Fact]
    [Row("D5")]
    public async Task Anyone_reads_and_writes_a_public_topic()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        await Cluster.PublishAsync(a, "from a");
        await Cluster.PublishAsync(b, "from b");
        await Cluster.ConvergeAsync(2, a, b);
    }

    [Fact]
    [Row("D6")]
    public async Task The_invited_read_and_write_and_the_revoked_no_more()
    {
        await using var cluster = NewCluster();
        var owner = await cluster.StartAsync("owner", null);
        var topic = await owner.Policies.CreateAsync("plans", new(), Go);
        await PublishAsync(owner, topic, "before anyone");
        var ann = await cluster.StartAsync("ann", null, owner);
        await ann.JoinAsync(topic, Go);
        var refused = await Assert.ThrowsAsync<GossipException>(
            () => PublishAsync(ann, topic, "not invited"));
        Assert.Equal("write-refused", refused.Code);

        await owner.Policies.InviteAsync(topic.Name, ann.Did, new(), Go);
        await HoldsAsync(ann, topic, "before anyone");
        await PublishAsync(ann, topic, "ann was here");
        await HoldsAsync(owner, topic, "before anyone", "ann was here");

        await owner.Policies.RevokeAsync(topic.Name, ann.Did, Go);
        await PublishAsync(owner, topic, "without ann");
        await Cluster.UntilAsync(
            async () => !(await StatusAsync(ann, topic)).Policy!.MayWrite,
            () => "ann never heard that she was revoked");
        refused = await Assert.ThrowsAsync<GossipException>(
            () => PublishAsync(ann, topic, "after all"));
        Assert.Equal("write-refused", refused.Code);
        await HoldsAsync(owner, topic, "before anyone", "ann was here", "without ann");
        await RoundsAsync(ann, owner);
        await HoldsAsync(ann, topic, "before anyone", "ann was here");
        foreach (var node in new[] { owner, ann })
        {
            var closed = Assert.Single(await node.ClosedLogsAsync(Go));
            Assert.Equal((topic.Name, ann.Did, 2), (closed.Topic, closed.Log.Author, closed.Slot));
            Assert.Equal((null, 0), (closed.Proof, closed.Disputed));
        }

        await owner.Policies.InviteAsync(topic.Name, ann.Did, new(), Go);
        await HoldsAsync(ann, topic, "before anyone", "ann was here", "without ann");
        await PublishAsync(ann, topic, "back again");
        await HoldsAsync(
            owner, topic, "before anyone", "ann was here", "without ann", "back again");
        await Cluster.UntilAsync(
            async () => (await StatusAsync(owner, topic)).Root
                == (await StatusAsync(ann, topic)).Root,
            () => "the roots differ");
    }

    [Fact]
    [Row("D6")]
    public async Task An_invitation_takes_effect_before_the_next_round()
    {
        static GossipOptions WithoutRounds(GossipOptions o) => o with
        {
            Times = o.Times with { RoundInterval = TimeSpan.FromHours(1) },
        };
        await using var cluster = NewCluster();
        var owner = await cluster.StartAsync("owner", WithoutRounds);
        var topic = await owner.Policies.CreateAsync("plans", new(), Go);
        await PublishAsync(owner, topic, "before anyone");
        var ann = await cluster.StartAsync("ann", WithoutRounds, owner);
        await ann.JoinAsync(topic, Go);
        await owner.Policies.InviteAsync(topic.Name, ann.Did, new(), Go);
        await HoldsAsync(ann, topic, "before anyone");
    }

    [Fact]
    [Row("D6")]
    public async Task An_invitation_holds_after_restarts_of_both_sides()
    {
        await using var cluster = NewCluster();
        var owner = await cluster.StartAsync("owner", null);
        var topic = await owner.Policies.CreateAsync("plans", new(), Go);
        var ann = await cluster.StartAsync("ann", null, owner);
        await ann.JoinAsync(topic, Go);
        await owner.Policies.InviteAsync(topic.Name, ann.Did, new(), Go);
        await PublishAsync(owner, topic, "1");
        await HoldsAsync(ann, topic, "1");

        await cluster.StopAsync(owner);
        await cluster.StopAsync(ann);
        owner = await cluster.StartAsync("owner", null);
        ann = await cluster.StartAsync("ann", null, owner);
        await PublishAsync(ann, topic, "2");
        await PublishAsync(owner, topic, "3");
        await HoldsAsync(owner, topic, "1", "2", "3");
        await HoldsAsync(ann, topic, "1", "2", "3");
    }

    [Fact]
    [Row("D7")]
    public async Task Trust_opens_a_gate_at_the_threshold_and_closes_it_just_below()
    {
        await using var cluster = NewCluster();
        var owner = await cluster.StartAsync("owner", null);
        var ann = await cluster.StartAsync("ann", null, owner);
        var terms = new PolicyTerms { Kind = TopicKind.TrustGated, MinTrust = 0.35 };
        var topic = await owner.Policies.CreateAsync("circle", terms, Go);
        await ann.JoinAsync(topic, Go);
        await PublishAsync(owner, topic, "inside");

        // 0.7 × 0.499 is just below; 0.7 × 0.5 is exactly 0.35.
        await owner.AttestAsync(ann.Did, 0.499, "", Go);
        await RoundsAsync(ann, owner);
        Assert.Empty((await StatusAsync(owner, topic)).Policy!.Members);
        Assert.Empty(await ann.ReadAsync(topic.Name, 0, 9, Go));

        await owner.AttestAsync(ann.Did, 0.5, "", Go);
        await HoldsAsync(ann, topic, "inside");
        await PublishAsync(ann, topic, "ann too");
        await HoldsAsync(owner, topic, "inside", "ann too");

        await owner.AttestAsync(ann.Did, 0.499, "", Go);
        await Cluster.UntilAsync(
            async () => (await StatusAsync(owner, topic)).Policy!.Members.IsEmpty,
            () => "the gate stays open");
        await PublishAsync(owner, topic, "alone again");
        await RoundsAsync(ann, owner);
        await HoldsAsync(ann, topic, "inside", "ann too");
    }

    [Fact]
    public async Task Members_dial_each_other_where_the_policy_says_and_only_whom_it_means()
    {
        await using var cluster = NewCluster();
        var owner = await cluster.StartAsync("owner", null);
        var topic = await owner.Policies.CreateAsync("plans", new(), Go);
        var ann = await cluster.StartAsync("ann", null, owner);
        var bob = await cluster.StartAsync("bob", null, owner);
        await ann.JoinAsync(topic, Go);
        await bob.JoinAsync(topic, Go);
        await owner.Policies.InviteAsync(
            topic.Name, ann.Did, new() { Address = ann.Address }, Go);
        await owner.Policies.InviteAsync(topic.Name, bob.Did, new(), Go);

        await Cluster.UntilAsync(
            () => Task.FromResult(bob.Peers().Any(
                p => p.Did == ann.Did.ToString() && p.State == "connected")),
            () => string.Join("; ", bob.Peers()));
    }

    [Fact]
    public async Task A_topic_is_made_whole_or_not_at_all_and_its_label_is_taken_once()
    {
        await using var cluster = NewCluster();
        var owner = await cluster.StartAsync("owner", null);
        var topic = await owner.Policies.CreateAsync("plans", new(), Go);
        var taken = await Assert.ThrowsAsync<GossipException>(
            () => owner.Policies.CreateAsync("plans", new(), Go));
        Assert.Equal("topic-exists", taken.Code);
        var impostor = topic with { Id = new(Hash.OfBytes("another"u8)) };
        var named = await Assert.ThrowsAsync<GossipException>(() => owner.JoinAsync(impostor, Go));
        Assert.Equal("store-named", named.Code);
        var label = await Assert.ThrowsAsync<GossipException>(
            () => owner.Policies.CreateAsync("no spaces", new(), Go));
        Assert.Equal("topic-label", label.Code);
        var terms = await Assert.ThrowsAsync<GossipException>(
            () => owner.Policies.CreateAsync("gated", new() { MinTrust = 1.1 }, Go));
        Assert.Equal("policy-terms", terms.Code);
        Assert.Equal(topic, TopicRef.Parse(topic.ToString()));
    }

    private static Task<Receipt> PublishAsync(GossipNode node, TopicRef topic, string text) =>
        node.PublishAsync(topic.Name, Encoding.UTF8.GetBytes(text), Go);

    private static async Task<TopicStatus> StatusAsync(GossipNode node, TopicRef topic) =>
        (await node.TopicsAsync(Go)).Single(t => t.Id == topic.Id);

    private static async Task HoldsAsync(GossipNode node, TopicRef topic, params string[] texts)
    {
        var held = new List<string>();
        await Cluster.UntilAsync(
            async () =>
            {
                var page = await node.ReadAsync(topic.Name, 0, 1000, Go);
                held = [.. page.SelectMany(d => d.Payloads)
                    .Select(p => Encoding.UTF8.GetString(p.Data.Span))];
                return held.ToHashSet().SetEquals(texts);
            },
            () => $"{string.Join(", ", held)} instead of {string.Join(", ", texts)}");
    }

    /// <summary>
    /// Two whole rounds: whatever could still come would have come. They may have to meet first.
    /// </summary>
    private static async Task RoundsAsync(GossipNode node, GossipNode other)
    {
        for (var i = 0; i < 2; i++)
        {
            // Of two links that cross, one ends: a round may have to wait for the other.
            await Cluster.UntilAsync(
                async () => await HaveMetAsync(node, other) && await HaveMetAsync(other, node),
                () => "They did not meet.");
        }
    }

    private static async Task<bool> HaveMetAsync(GossipNode node, GossipNode other)
    {
        try
        {
            return !(await node.SyncAsync(other.Did, Go)).IsEmpty;
        }
        catch (GossipException)
        {
            return false;
        }
    }
}
