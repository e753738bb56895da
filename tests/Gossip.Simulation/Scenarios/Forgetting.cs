using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// What if nodes forget? Each keeps to a quota of its own, in half of the seeds one keeps
/// everything; one is away for long, one comes when most is forgotten, others crash. In the end all
/// show the same root, deliver the same from the highest floor on, and everything where somebody
/// kept it; and nobody asks for anything again.
/// </summary>
public sealed class Forgetting : Scenario
{
    private const string Topic = "t";
    private const int Entries = 3300;
    private static readonly TimeSpan AgreeWithin = TimeSpan.FromSeconds(60);

    private static ClusterShape Shape(Trial trial) => new()
    {
        Nodes = trial.Nodes,
        Seed = trial.Seed,
        Mutation = trial.Mutation,
        Forgets = true,
        Faults = Faults.None with
        {
            CommitMean = TimeSpan.FromMilliseconds(0.2),
            ReadMean = TimeSpan.FromMilliseconds(0.2),
        },
        Tune = options => options with { Push = trial.Seed % 4 != 0 },
    };

    protected override void Play(Trial trial)
    {
        var cluster = trial.In(new(Shape(trial)));
        var (away, late) = (cluster.Nodes[^2], cluster.Nodes[^1]);
        var archive = trial.Seed % 2 == 0 ? cluster[2] : null;
        cluster.Nodes.ToList().ForEach(n => Bound(cluster, n, n == archive));
        cluster.Nodes.Except([late]).ToList().ForEach(n => n.Start());
        SimulatedNode[] others = [.. cluster.Nodes[2..^2].Where(n => n != archive)];
        Write(cluster, [cluster[0], cluster[1]], others, away);
        cluster.RunFor(TimeSpan.FromSeconds(3));

        // Who comes back, and who comes late, may not meet whoever kept everything at once.
        if (archive is not null && cluster.Draw.Chance(0.7))
        {
            cluster.Partition(archive.Number);
        }

        away.Start();
        late.Start();
        cluster.RunFor(TimeSpan.FromSeconds(20));
        cluster[0].Publish(Topic, Encoding.UTF8.GetBytes("after"));
        if (trial.Seed % 3 == 0)
        {
            Fork(cluster, trial);
        }

        cluster.RunFor(TimeSpan.FromSeconds(2));
        cluster.Heal();
        cluster.Nodes.Where(n => !n.IsUp).ToList().ForEach(n => n.Start());
        Agree(cluster, archive, trial);
    }

    private static void Bound(Cluster cluster, SimulatedNode node, bool isArchive)
    {
        long[] quotas = [400_000, 700_000, 10_000_000];
        node.Options = node.Options with
        {
            Retention = new()
            {
                TopicBytesMax = quotas[cluster.Draw.Random.Next(quotas.Length)],
                SweepInterval = TimeSpan.FromMilliseconds(500),
                Grace = TimeSpan.FromSeconds(3),
                Protected = isArchive ? [TopicRef.Public(new(Topic))] : [],
            },
        };
    }

    /// <summary>
    /// One entry for each publish; whoever is not an author crashes now and then, and one early.
    /// </summary>
    private static void Write(
        Cluster cluster, SimulatedNode[] authors, SimulatedNode[] others, SimulatedNode away)
    {
        // A quota does not ask whether others have it: rounds alone must keep up with the grace.
        var pace = TimeSpan.FromMilliseconds(authors[0].Options.Push ? 2 : 8);
        var random = cluster.Draw.Random;
        foreach (var author in authors)
        {
            for (var i = 0; i < Entries; i++)
            {
                var text = $"{author.Number}/{i}";
                cluster.Time.In(
                    pace * i, () => author.Publish(Topic, Encoding.UTF8.GetBytes(text)));
            }
        }

        for (var i = 0; i < 3 && others.Length > 0; i++)
        {
            var node = others[random.Next(others.Length)];
            cluster.Time.In(
                pace * random.Next(Entries),
                () => cluster.Crash(node, TimeSpan.FromSeconds(random.Next(1, 4))));
        }

        cluster.Time.In(pace * random.Next(20, Entries / 2), away.Crash);
        cluster.RunFor(pace * Entries);
    }

    /// <summary>
    /// An author turns out to have two faces, in a slot that some have forgotten: each closes the
    /// log there, and gets again what counts of it.
    /// </summary>
    private static void Fork(Cluster cluster, Trial trial)
    {
        var topic = TopicId.OfPublic(new(Topic));
        var written = cluster.Watch.History(cluster[1], topic)
            .Where(e => e.Header.Log.Author.Equals(cluster[1].Did)).ToArray();
        var real = written[cluster.Draw.Random.Next(written.Length / 4, written.Length)];
        var forger = new Forger(
            cluster, new SimulatedKeys(1), topic, real.Header.Log.Incarnation);
        var other = forger.Write(real.Header.Seq, real.Header.Prev, "another");
        new HostileRelay(cluster, topic).Say(
            cluster[cluster.Draw.Random.Next(2)], [], [new(real.SignedHeader, other.SignedHeader)]);
        trial.Figures["forked"] = 1;
    }

    private static void Agree(Cluster cluster, SimulatedNode? archive, Trial trial)
    {
        var topic = TopicId.OfPublic(new(Topic));
        var deadline = cluster.Time.Now + AgreeWithin;
        while (!IsAgreed(cluster, archive) && cluster.Time.Now < deadline)
        {
            cluster.RunFor(TimeSpan.FromSeconds(1));
        }

        var isEqual = IsAgreed(cluster, archive);
        var records = cluster.Nodes.ToDictionary(n => n, n => n.Load(Topic));
        Broken.Unless(isEqual, "not the same: " + string.Join("; ", cluster.Nodes.Select(n =>
            $"node {n.Number} root {n.RootOf(Topic).Prefix:x} lacks "
            + $"{Missing(cluster, n, archive).Count()}: "
            + string.Join(", ", records[n].Logs.Select(l =>
                $"{l.Floor}–{l.Head} lost {l.Lost}, delivered {l.Delivered}")))));
        foreach (var node in cluster.Nodes)
        {
            var ids = cluster.Watch.History(node, topic).Select(e => e.Id).ToArray();
            Broken.Unless(
                ids.Distinct().Count() == ids.Length, $"node {node.Number} delivered twice");
        }

        Convergence.Quieten(cluster);
        var trimmed = cluster.Nodes.Sum(n => n.Record[Tally.EntriesTrimmed]);
        var lost = cluster.Nodes.Sum(n => n.Record[Tally.SlotsLost]);
        (trial.Figures["trimmed"], trial.Figures["lost"]) = (trimmed, lost);
        trial.Figures["with_archive"] = archive is null ? 0 : 1;
        trial.Figures["still_lost"] = records.Values
            .Sum(r => r.Logs.Sum(l => l.Lost.Slots));
        trial.Void = trimmed == 0 ? "nothing was forgotten" : null;
    }

    private static bool IsAgreed(Cluster cluster, SimulatedNode? archive) =>
        cluster.Nodes.Select(n => n.RootOf(Topic)).Distinct().Count() == 1
        && cluster.Nodes.All(n => Missing(cluster, n, archive).FirstOrDefault() == default);

    /// <summary>
    /// What this node should have delivered and has not: what it keeps itself, where somebody kept
    /// all; else what nobody forgot. After a fork below everyone's floor nobody has it any more.
    /// </summary>
    private static IEnumerable<Dot> Missing(
        Cluster cluster, SimulatedNode node, SimulatedNode? archive)
    {
        var floors = (archive is null ? cluster.Nodes : [node])
            .SelectMany(n => n.Load(Topic).Logs)
            .GroupBy(
                l => l.Log, l => archive is null ? Math.Max(l.Floor, l.Lost.Last + 1) : l.Floor)
            .ToDictionary(g => g.Key, g => g.Max());
        var delivered = cluster.Watch.History(node, TopicId.OfPublic(new(Topic)))
            .Select(e => e.Id).ToHashSet();
        return
            from acknowledged in cluster.Watch.Acknowledged
            let dot = acknowledged.Value.Dot
            where dot.Seq >= floors.GetValueOrDefault(dot.Log, 1)
                && !node.Record.Closed.Any(c => c.Key.Log == dot.Log && c.Value <= dot.Seq)
                && !delivered.Contains(acknowledged.Key)
                && cluster.Nodes.Any(n => n.Find(acknowledged.Key) is not null)
            select dot;
    }
}
