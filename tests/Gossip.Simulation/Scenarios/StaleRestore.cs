using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// What if a store comes back as it once was, or runs twice? Where the store can see it, or a peer
/// shows it, a new incarnation begins and no log forks. Where nothing can, the old log closes and
/// its node publishes again in a new one, within five seconds after it is connected.
/// </summary>
public sealed class StaleRestore : Scenario
{
    private const string Topic = "t";
    private static readonly TimeSpan RecoveredWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AgreeWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);
    private static readonly TopicId Id = TopicId.OfPublic(new(Topic));

    private enum Kind
    {
        /// <summary>An old copy was put back, and the store sees it.</summary>
        Noticed,

        /// <summary>It does not see it, but its peers show it before it writes.</summary>
        Shown,

        /// <summary>A machine was rolled back, and writes before it is told.</summary>
        Snapshot,

        /// <summary>As before; it writes while it is told.</summary>
        Racing,

        /// <summary>A copied store runs beside the first: two processes, one key.</summary>
        Copied,

        /// <summary>As before, and the copy does not see that it is one.</summary>
        Cloned,
    }

    private static Kind KindOf(Trial trial) =>
        (Kind)(trial.Seed % Enum.GetValues<Kind>().Length);

    private static bool HasTwin(Kind kind) => kind is Kind.Copied or Kind.Cloned;

    /// <summary>Nothing that the node can see tells it before it may write.</summary>
    private static bool IsUnseen(Kind kind) => kind is Kind.Snapshot or Kind.Racing or Kind.Cloned;

    private static ClusterShape Shape(Trial trial) => new()
    {
        Nodes = trial.Nodes,
        Seed = trial.Seed,
        Mutation = trial.Mutation,
        KeyOf = node => HasTwin(KindOf(trial)) && node == trial.Nodes - 1 ? 0 : node,
        Faults = FaultsOf(trial),
        Tune = options => options with { Push = trial.Seed % 5 != 0 },
    };

    private static Faults FaultsOf(Trial trial) => trial.Seed % 4 < 2
        ? Faults.None
        : Faults.Links with { CrashesPerCommit = 0 };

    protected override void Play(Trial trial)
    {
        var (cluster, kind) = (trial.In(new(Shape(trial))), KindOf(trial));
        var (node, twin, draw) = (cluster[0], cluster.Nodes[^1], cluster.Draw.Random);
        var told = new HashSet<int>();
        cluster.Watch.Happened += (at, effect) =>
        {
            if (effect is Effect.Happened(NodeEvent.TwinSeen))
            {
                told.Add(at.Number);
            }
        };
        if (HasTwin(kind))
        {
            cluster.Dead.Add(twin.Number);
        }

        cluster.Core.ToList().ForEach(n => n.Start());
        Publish(node, draw.Next(1, 5));
        var backup = node.Disk.Backup();
        var old = node.Delivered(Topic)[^1].Header.Log;
        Publish(node, draw.Next(1, 8));
        cluster.Core.ToList().ForEach(n => Publish(n, 1));
        Convergence.Reach(cluster, AgreeWithin);
        cluster.Faults = FaultsOf(trial);
        if (IsUnseen(kind))
        {
            cluster.Watch.TwoFaced.Add(node.Did);
        }

        if (HasTwin(kind))
        {
            // The copy may be of now, or older.
            cluster.Dead.Clear();
            twin.Disk.Restore(
                cluster.Draw.Chance(0.5) ? backup : node.Disk.Backup(), kind == Kind.Copied);
            twin.Start();
        }
        else
        {
            Restore(cluster, node, kind, () => node.Disk.Restore(backup, kind == Kind.Noticed));
        }

        SimulatedNode[] holders = HasTwin(kind) ? [node, twin] : [node];
        trial.Figures["slowest_recovery_seconds"] =
            Recover(cluster, holders, old, kind).TotalSeconds;
        Convergence.Reach(cluster, AgreeWithin);
        Conclude(trial, old, kind, told);
    }

    private static void Restore(
        Cluster cluster, SimulatedNode node, Kind kind, Action putBack)
    {
        node.Crash();
        if (kind is Kind.Noticed or Kind.Snapshot)
        {
            cluster.Partition(node.Number);
        }

        putBack();
        node.Start();
        switch (kind)
        {
            case Kind.Noticed or Kind.Snapshot:
                Publish(node, cluster.Draw.Random.Next(1, 4));
                break;
            case Kind.Shown:
                var isTold = cluster.RunUntil(
                    RecoveredWithin, () => node.Record[Tally.IncarnationsBegun] > 0);
                Broken.Unless(isTold, "nobody showed it what it once wrote");
                break;
        }

        cluster.Heal();
    }

    /// <summary>
    /// They publish all the while. The last moment at which two of them wrote one log, one wrote
    /// the old log though it is closed or given away, or nodes disagreed on where it ends.
    /// </summary>
    private static TimeSpan Recover(
        Cluster cluster, SimulatedNode[] holders, LogId old, Kind kind)
    {
        var (began, last) = (cluster.Time.Now, TimeSpan.Zero);
        var calls = holders.ToDictionary(n => n, _ => new List<CallId>());
        var next = began;
        while (cluster.Time.Now < began + RecoveredWithin)
        {
            if (cluster.Time.Now >= next)
            {
                next += Between;
                foreach (var (holder, made) in calls)
                {
                    made.Add(holder.Publish(
                        Topic, Encoding.UTF8.GetBytes($"{made.Count} of {holder.Number}, after")));
                }
            }

            cluster.RunFor(Step);
            last = IsRecovered() ? last : cluster.Time.Now - began;
        }

        Broken.Unless(
            last < RecoveredWithin,
            $"{kind}: not recovered {RecoveredWithin.TotalSeconds} s later");
        return last;

        bool IsRecovered()
        {
            var written = holders.Select(h => calls[h].LastOrDefault(h.Record.Receipts.ContainsKey)
                is { Number: > 0 } call ? h.Record.Receipts[call][0].Dot.Log : (LogId?)null);
            var slots = cluster.Nodes
                .Select(n => n.Record.Closed.GetValueOrDefault((Id, old)))
                .Distinct()
                .ToArray();
            var isGone = slots[0] > 0 || !HasTwin(kind);
            return slots.Length == 1
                && written.Distinct().Count() == holders.Length
                && written.All(log => log is not null && !(isGone && log == old));
        }
    }

    private static void Conclude(Trial trial, LogId old, Kind kind, HashSet<int> told)
    {
        var (cluster, figures) = (trial.Cluster!, trial.Figures);
        var logs = cluster[0].Load(Topic).Logs.Where(l => l.Log.Author.Equals(old.Author))
            .ToArray();
        var closed = logs.Where(l => l.Closure is not null).Select(l => l.Log).ToArray();
        figures["restores"] = 1;
        figures["new_incarnations"] = logs.Length - 1;
        figures["closed_logs"] = closed.Length;
        figures["self_forks"] = IsUnseen(kind) ? 0 : closed.Length;
        figures["twins_told"] = told.Count;
        Broken.Unless(
            logs.Length > 1, $"{kind}: it went on in the log that it had given away");
        Broken.Unless(
            IsUnseen(kind) || closed.Length == 0, $"{kind}: {closed.Length} logs forked");
        Broken.Unless(
            kind != Kind.Snapshot || closed.SequenceEqual([old]),
            $"{kind}: {old} is open, or another log is closed");
        Broken.Unless(
            closed.All(log => log == old), $"{kind}: a log that began afterwards is closed");
        Broken.Unless(
            !HasTwin(kind) || told.SetEquals([0, cluster.Nodes.Length - 1]),
            $"{kind}: told of a twin were nodes [{string.Join(' ', told)}]");
    }

    private static void Publish(SimulatedNode node, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            node.PublishAndWait(
                Topic, Encoding.UTF8.GetBytes($"{i} of {node.Number}, run {node.Generation}"));
        }
    }
}
