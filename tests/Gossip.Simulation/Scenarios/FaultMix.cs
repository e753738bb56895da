using Gossip.Actors.Protocol;
using Gossip.Simulation.Scripts;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// Does everything acknowledged survive everything at once? A seed draws a script: all nodes
/// publish while links, nodes, disks and clocks break (safety); then faults end on a core, the rest
/// stays dead, and the core must agree within ten seconds (liveness).
/// </summary>
public sealed class FaultMix(Storm storm) : Scenario
{
    public Script ScriptOf(int nodes, int seed) => storm.Draw(nodes, seed);

    /// <summary>Plays a script as if this scenario had drawn it.</summary>
    public static void Play(Script script, Trial trial)
    {
        var stage = new Stage(trial.Mutation);
        foreach (var line in script.Lines)
        {
            if (!stage.TrySet(line))
            {
                trial.In(stage.Cluster);
                stage.Do(line);
            }
        }

        Measure(trial, stage);
    }

    protected override void Play(Trial trial) => Play(ScriptOf(trial.Nodes, trial.Seed), trial);

    private static void Measure(Trial trial, Stage stage)
    {
        var (cluster, figures) = (stage.Cluster, trial.Figures);
        var core = cluster.Core.ToArray();
        figures["seconds_to_agree_max"] = stage.Settled.TotalSeconds;
        figures["entries"] = core[0].Delivered(cluster.Shape.Topics[0]).Count;
        figures["acknowledged"] = cluster.Watch.Acknowledged.Count;
        figures["excused"] = cluster.Watch.Excused;
        figures["unknown"] = cluster.Nodes.Sum(n => n.Record.Failed.Count);
        figures["liars"] = cluster.Watch.Liars.Count;
        figures["score_max"] = cluster.Nodes.Max(n => n.Record.ScoreMax);
        figures["closed_logs"] = core[0].Record.Closed.Count;
        figures["messages"] = cluster.Network.Messages;
        figures["bytes"] = cluster.Network.Bytes;
        figures["pulls"] = cluster.Nodes.Sum(n => n.Record[Tally.PullsSent]);
    }
}
