using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Simulation.Scripts;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// What does an author gain who tells each part of the cluster another history? Its log must end
/// everywhere at one slot, with a proof that anybody can check, within five seconds after a path
/// joins the parts; no honest log ends, and none waits.
/// </summary>
public sealed class TwoFaced : Scenario
{
    private const string Topic = "t";
    private const int Mesh = 8;
    private const double ToldDirectly = 0.6;
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProofWithin = TimeSpan.FromSeconds(5);

    /// <summary>
    /// As if in datagrams: a round that lost a frame is missed only when it is given up.
    /// </summary>
    private static readonly TimeSpan ProofWithinLossy = ProofWithin + TimeSpan.FromSeconds(4);

    private static readonly TimeSpan AgreeWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private static ClusterShape Shape(Trial trial) => new()
    {
        Nodes = trial.Nodes,
        Seed = trial.Seed,
        Mutation = trial.Mutation,
        DialsOf = node => Dials.Of(trial.Nodes <= Mesh ? "mesh" : "ring", node, trial.Nodes),
        Faults = FaultsOf(trial.Seed),
    };

    /// <summary>None, what TCP links meet, or what datagrams meet.</summary>
    private static Faults FaultsOf(int seed) => (seed % 4) switch
    {
        0 => Faults.None,
        _ when IsLossy(seed) => Faults.Lossy with { CrashesPerCommit = 0 },
        _ => Faults.Links with { CrashesPerCommit = 0 },
    };

    private static bool IsLossy(int seed) => seed % 4 == 1;

    protected override void Play(Trial trial)
    {
        var cluster = trial.In(new(Shape(trial)));
        var draw = cluster.Draw;
        var topic = TopicId.OfPublic(new(Topic));
        var relay = new HostileRelay(cluster, topic);
        var sides = new Sides(cluster);
        var authors = Enumerable.Range(0, draw.Chance(0.25) ? 2 : 1)
            .Select(i => new Forger(cluster, new(500_000 + i), topic, draw.Number()))
            .ToArray();
        var verdict = new Verdict(cluster, topic, [.. authors.Select(a => a.Log)]);

        // A newcomer has only what others pass on. A single bridge needs everybody.
        var isBridged = draw.Chance(0.5);
        var newcomer = !isBridged && draw.Chance(0.5) ? cluster.Nodes[^1] : null;
        cluster.Nodes.Where(n => n != newcomer).ToList().ForEach(n => n.Start());
        cluster.RunFor(TimeSpan.FromMilliseconds(500));
        sides.Part();
        foreach (var author in authors)
        {
            Tell(Histories.Draw(author, draw), sides, cluster, relay);
        }

        var isTroubled = trial.Seed % 4 > 1;
        Live(cluster, relay, isTroubled);
        cluster.RunFor(Apart);

        // A path carries what it is given, late and in any order, until it breaks.
        cluster.Faults = cluster.Faults with { Loss = 0 };
        sides.Join(isBridged);
        var joined = cluster.Time.Now;
        if (isTroubled)
        {
            Break(cluster);
        }

        if (draw.Chance(0.3))
        {
            TellLate(authors[0], cluster, relay);
            joined = cluster.Time.Now;
        }

        newcomer?.Start();
        var isLossy = IsLossy(trial.Seed);
        var within = isLossy ? ProofWithinLossy : ProofWithin;
        trial.Figures[isLossy ? "slowest_proof_lossy_seconds" : "slowest_proof_seconds"] =
            Follow(cluster, verdict, authors, joined, within).TotalSeconds;
        Convergence.Reach(cluster, AgreeWithin);
        Conclude(trial, verdict, authors);
        cluster.Nodes.ToList().ForEach(n => Publish(n, "afterwards"));
        Convergence.Reach(cluster, AgreeWithin);
        Conclude(trial, verdict, authors);
    }

    /// <summary>Each side hears its own history, in pieces, in any order, twice.</summary>
    private static void Tell(
        Histories histories, Sides sides, Cluster cluster, HostileRelay relay)
    {
        var draw = cluster.Draw;
        for (var i = 0; i < histories.Told.Count; i++)
        {
            var side = sides.Of(i).ToArray();
            var chosen = draw.Pick(side);
            foreach (var node in side.Where(n => n == chosen || draw.Chance(ToldDirectly)))
            {
                var pieces = histories.Told[i].Chunk(draw.Random.Next(1, 5));
                foreach (var piece in pieces.Concat(pieces))
                {
                    cluster.Time.In(
                        Apart * draw.Random.NextDouble(), () => relay.Say(node, [.. piece], []));
                }
            }
        }
    }

    /// <summary>One more history, below all others, when the sides meet already.</summary>
    private static void TellLate(Forger author, Cluster cluster, HostileRelay relay)
    {
        cluster.RunFor(TimeSpan.FromSeconds(cluster.Draw.Random.NextDouble()));
        relay.Say(
            cluster.Draw.Pick(cluster.Nodes), [.. author.Chain(null, 2, "told late")], []);
    }

    /// <summary>
    /// Honest nodes publish all the while, a relay does its worst, and what breaks, breaks.
    /// </summary>
    private static void Live(Cluster cluster, HostileRelay relay, bool isTroubled)
    {
        var draw = cluster.Draw;
        foreach (var node in cluster.Nodes)
        {
            Later(() => node.Publish(Topic, Encoding.UTF8.GetBytes($"early, {node.Number}")));
            Later(() => node.Publish(Topic, Encoding.UTF8.GetBytes($"late, {node.Number}")), 2);
            Later(() => relay.Respell(draw.Pick(cluster.Nodes), node), 2);
            if (isTroubled && draw.Chance(0.25))
            {
                Later(() => Crash(cluster, node));
            }

            if (isTroubled && draw.Chance(0.25))
            {
                Later(() => Cut(cluster));
            }
        }

        void Later(Action act, double parts = 0.8) =>
            cluster.Time.In(parts * Apart * draw.Random.NextDouble(), act);
    }

    private static void Crash(Cluster cluster, SimulatedNode node)
    {
        if (node.IsUp)
        {
            cluster.Crash(node, 0.1 * Apart);
        }
    }

    /// <summary>Links break while the sides meet.</summary>
    private static void Break(Cluster cluster)
    {
        for (var i = 0; i < cluster.Nodes.Length; i++)
        {
            cluster.Time.In(
                TimeSpan.FromSeconds(cluster.Draw.Random.NextDouble()), () => Cut(cluster));
        }
    }

    private static void Cut(Cluster cluster)
    {
        var ends = cluster.Network.OpenEnds.ToArray();
        if (ends.Length > 0)
        {
            cluster.Network.Cut(cluster.Draw.Pick(ends));
        }
    }

    /// <summary>When the last node closed the last log where it stays closed.</summary>
    private static TimeSpan Follow(
        Cluster cluster, Verdict verdict, Forger[] authors, TimeSpan joined, TimeSpan within)
    {
        var last = TimeSpan.Zero;
        var before = "";
        while (cluster.Time.Now < joined + within)
        {
            cluster.RunFor(Step);
            var now = string.Join(' ', cluster.Nodes.SelectMany(n => authors.Select(a =>
                n.Record.Closed.GetValueOrDefault((TopicId.OfPublic(new(Topic)), a.Log)))));
            (last, before) = (now == before ? last : cluster.Time.Now - joined, now);
        }

        foreach (var log in authors.Select(a => a.Log))
        {
            var slot = verdict.SlotOf(log);
            var late = cluster.Nodes.FirstOrDefault(n => verdict.ClosureOf(n, log)?.Slot != slot);
            Broken.Unless(
                late is null,
                $"node {late?.Number} has no proof that {log} ends at {slot} after "
                + $"{within.TotalSeconds} s");
        }

        return last;
    }

    private static void Conclude(Trial trial, Verdict verdict, Forger[] authors)
    {
        var forked = authors.Count(a => verdict.IsForked(a.Log));
        trial.Void = forked == 0 ? "no author was seen to write two histories" : null;
        trial.Figures["forked_logs"] = forked;
        trial.Figures["proofs"] = verdict.Proofs();
        trial.Figures["false_proofs"] = verdict.FalseProofs();
        trial.Figures["honest_logs_closed"] = verdict.HonestClosures();
        trial.Figures["held_up"] = verdict.HeldUp();
        trial.Figures["refused_proofs"] =
            trial.Cluster!.Nodes.Sum(n => n.Record[RefusalCode.ProofInvalid]);
        trial.Figures["duplicates"] =
            trial.Cluster!.Nodes.Sum(n => n.Record[Tally.EntriesDuplicate]);
        verdict.Check();
    }

    private static void Publish(SimulatedNode node, string text) =>
        node.PublishAndWait(Topic, Encoding.UTF8.GetBytes($"{text}, {node.Number}"));
}
