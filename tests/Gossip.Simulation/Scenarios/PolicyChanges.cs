using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// What if a topic's policy changes while the cluster is parted? Members write on both sides, the
/// owner invites and revokes on one, a delegate on the other; nodes crash. In the end everybody who
/// may read holds the same entries, under the same root, and nobody else has got one since.
/// </summary>
public sealed class PolicyChanges : Scenario
{
    private static readonly TimeSpan AgreeWithin = TimeSpan.FromSeconds(60);

    private static ClusterShape Shape(Trial trial) => new()
    {
        Nodes = trial.Nodes,
        Seed = trial.Seed,
        Mutation = trial.Mutation,
        Tune = options => options with { Push = trial.Seed % 4 != 0 },
    };

    protected override void Play(Trial trial)
    {
        var cluster = trial.In(new(Shape(trial)));
        var topic = Found(cluster);
        cluster.Nodes.ToList().ForEach(n => n.Start());
        var (owner, helper) = (cluster[0], cluster[1]);
        owner.Govern(topic, new PolicyWish.Appoint(helper.Did, PolicyRole.Delegate));
        foreach (var node in cluster.Nodes.Skip(1))
        {
            owner.Govern(topic, Invite(node));
        }

        cluster.RunFor(TimeSpan.FromSeconds(5));
        Broken.Unless(
            cluster.Nodes.All(n => n.RightsIn(topic).WritesUnder(n.Did) is not null),
            "a member does not know of its invitation");
        Part(cluster, topic);
        cluster.Heal();
        cluster.Nodes.Where(n => !n.IsUp).ToList().ForEach(n => n.Start());
        Agree(cluster, topic, trial.Figures);
    }

    private static TopicRef Found(Cluster cluster)
    {
        var owner = cluster[0];
        var self = new Self(owner.Did, 1, "simulation", "");
        var (topic, first) = Founding.Of(
            self, new SimulatedKeys(0), 7, new("plans", new(), 0), cluster.Epoch);
        cluster.Watch.Committed(0, first);
        owner.Join(topic, first);
        cluster.Nodes.Skip(1).ToList().ForEach(n => n.Join(topic, null));
        return topic;
    }

    /// <summary>Ten seconds of change, on both sides of a cut.</summary>
    private static void Part(Cluster cluster, TopicRef topic)
    {
        var random = cluster.Draw.Random;
        var side = cluster.Nodes.Skip(1).Where(_ => random.Next(2) == 0).Select(n => n.Number);
        cluster.Partition([.. side]);
        for (var i = 0; i < 40; i++)
        {
            var actor = Any(cluster);
            var other = cluster.Nodes[random.Next(2, cluster.Nodes.Length)];
            var (what, text) = (random.Next(8), $"{cluster.Shape.Seed}/{i}");
            cluster.Time.In(TimeSpan.FromMilliseconds(250 * i), () =>
            {
                switch (what)
                {
                    case 0:
                        cluster[random.Next(2)].Govern(topic, new PolicyWish.Revoke(other.Did));
                        break;
                    case 1:
                        cluster[random.Next(2)].Govern(topic, Invite(other));
                        break;
                    case 2 when i % 4 == 0:
                        cluster.Crash(actor, TimeSpan.FromSeconds(1));
                        break;
                    default:
                        actor.Publish(topic.Id, null, Encoding.UTF8.GetBytes(text));
                        break;
                }
            });
        }

        cluster.RunFor(TimeSpan.FromSeconds(12));
    }

    private static void Agree(
        Cluster cluster, TopicRef topic, SortedDictionary<string, double> figures)
    {
        var owner = cluster[0];
        SimulatedNode[] Readers() =>
            [.. cluster.Nodes.Where(n => owner.RightsIn(topic).Readers.Allow(n.Did))];
        var isEqual = cluster.RunUntil(AgreeWithin, () => Readers()
            .Select(n => (n.RootOf(topic), n.Delivered(topic).Count)).Distinct().Count() == 1);
        Broken.Unless(isEqual, "who may read the topic does not hold the same: "
            + string.Join("; ", Readers().Select(n => $"{n.Number} {n.RootOf(topic)}")));
        var rights = owner.RightsIn(topic);
        foreach (var entry in Readers().SelectMany(n => n.Delivered(topic)))
        {
            var ruling = rights.RulingOn(entry.Header.Log);
            Broken.Unless(
                ruling.Verdict == Actors.Protocol.Verdict.Admitted && entry.Header.Seq < ruling.End,
                $"{entry.Dot} is delivered against the policy");
        }

        figures["readers"] = Readers().Length;
        figures["policy_entries"] = owner.Load(topic).Policies.Length;
        figures["entries"] = owner.Delivered(topic).Count;
    }

    private static PolicyWish.Invite Invite(SimulatedNode node) => new(node.Did, true, 0, "");

    private static SimulatedNode Any(Cluster cluster) =>
        cluster.Nodes[cluster.Draw.Random.Next(cluster.Nodes.Length)];
}
