using System.Collections.Immutable;
using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scripts;

/// <content>What can be done to nodes, disks, clocks and ways.</content>
public sealed partial class Stage
{
    private readonly Dictionary<int, ImmutableArray<Batch>> _backups = [];

    private void Start(Words words) => Each(words, node =>
    {
        if (!node.IsUp && !Cluster.Dead.Contains(node.Number))
        {
            node.Start();
        }
    });

    private void Crash(Words words) => End(words, node => node.Crash());

    private void Stop(Words words) => End(words, node =>
    {
        node.Stop();
        Cluster.Sometimes.Reach(Rarity.NodeLeft);
    });

    /// <summary>Down, and after a while up again if a while is named.</summary>
    private void End(Words words, Action<SimulatedNode> end)
    {
        var nodes = new List<SimulatedNode>();
        Each(words, nodes.Add);
        var away = words.For();
        foreach (var node in nodes.Where(n => n.IsUp))
        {
            end(node);
            if (away is { } time)
            {
                Cluster.StartLater(node, time);
            }
        }
    }

    private void Fail(Words words)
    {
        var node = Node(words);
        if (!words.Take("session"))
        {
            node.Fail(Machine(words));
        }
        else if (node.Links.FirstOrDefault() is { } link)
        {
            node.Fail(new MachineId.Session(link.Link));
        }
    }

    /// <summary>Nothing to say any more: this node's log ends.</summary>
    private void EndLog(Words words)
    {
        Cluster.Sometimes.Reach(Rarity.LogEnded);
        Node(words).Publish(Cluster.Shape.Topics[0], key: null);
    }

    /// <summary>
    /// publish 0 "text", or with x10 ten entries; "wait" for each to be durable; under a "key".
    /// </summary>
    private void Publish(Words words)
    {
        var node = Node(words);
        var text = words.Next();
        var times = words.Peek is ['x', ..] count && words.Take(count)
            ? int.Parse(count.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)
            : 1;
        PublishKey? key = words.Take("key") ? new(words.Next()) : null;
        var isWaiting = words.Take("wait");
        for (var i = 0; i < times; i++)
        {
            var payload = Encoding.UTF8.GetBytes(times == 1 ? text : $"{text} {i}");
            if (isWaiting)
            {
                node.PublishAndWait(Cluster.Shape.Topics[0], key, payload);
            }
            else
            {
                node.Publish(Cluster.Shape.Topics[0], key, payload);
            }
        }
    }

    /// <summary>
    /// Faults end on the core; it must agree within this time. What was buried stays dead.
    /// </summary>
    private void Settle(Words words) =>
        Settled = Convergence.Reach(Cluster, words.IsDone ? Soon : words.Time());

    private static TimeSpan Soon => TimeSpan.FromSeconds(10);

    /// <summary>The link between two nodes breaks; both notice.</summary>
    private void Cut(Words words)
    {
        var (one, other) = (Node(words), Node(words));
        if (Cluster.Network.OpenEnds.FirstOrDefault(
            e => e.Node == one && e.Other.Node == other) is { } end)
        {
            Cluster.Network.Cut(end);
        }
    }

    /// <summary>sever 0 1: no frame goes from 0 to 1, and nobody is told.</summary>
    private void Sever(Words words)
    {
        var (from, to) = (Node(words).Number, Node(words).Number);
        LiftAfter(Cluster.Network.Close([(from, to)]), words.For());
    }

    /// <summary>
    /// part 0 1 | 2 3: both notice; "silently" nobody does, "oneway" the right hears the left.
    /// </summary>
    private void Part(Words words)
    {
        var left = words.Numbers();
        var right = words.Take("|")
            ? words.Numbers()
            : [.. Enumerable.Range(0, Cluster.Nodes.Length).Except(left)];
        if (words.Take("oneway"))
        {
            Cluster.Sometimes.Reach(Rarity.PartitionedOneWay);
            var ways = from r in right from l in left select (r, l);
            LiftAfter(Cluster.Network.Close(ways), words.For());
        }
        else if (words.Take("silently"))
        {
            var ways = from r in right from l in left from way in Both(r, l) select way;
            LiftAfter(Cluster.Network.Close(ways), words.For());
        }
        else
        {
            LiftAfter(
                Cluster.Network.Partition(n => left.Contains(n.Number) ? 0 : 1), words.For());
        }
    }

    private static (int, int)[] Both(int one, int other) => [(one, other), (other, one)];

    private void LiftAfter(Block block, TimeSpan? time)
    {
        if (time is { } length)
        {
            Cluster.Time.In(length, () => Cluster.Network.Lift(block));
        }
    }

    /// <summary>slow 2 20ms for 1s: it reads a frame every 20 ms.</summary>
    private void Slow(Words words)
    {
        var node = Node(words);
        node.ReadDelay = words.Time();
        if (words.For() is { } length)
        {
            Cluster.Time.In(length, () => node.ReadDelay = TimeSpan.Zero);
        }
    }

    /// <summary>It breaks its promises from now on: to hold that against it is no error.</summary>
    private void Withhold(Words words) => Each(words, node =>
    {
        node.IsWithholding = true;
        Cluster.Watch.Culprits.Add(node.Did);
    });

    /// <summary>pardon 0 2: node 0's operator takes back what stands against 2.</summary>
    private void Operate(Words words, Func<Did, Signal> what)
    {
        var (node, other) = (Node(words), Node(words));
        Cluster.Watch.Culprits.Add(other.Did);
        node.Tell(what(other.Did));
    }

    private void Disk(Words words)
    {
        var node = Node(words);
        var mood = words.Next();
        node.Disk.Mood = Enum.TryParse<DiskMood>(mood, ignoreCase: true, out var known)
            ? known
            : throw words.Wrong($"'{mood}' is no way a disk behaves");
        if (words.For() is { } length)
        {
            Cluster.Time.In(length, () => node.Disk.Mood = DiskMood.Honest);
        }
    }

    /// <summary>The node dies, and its store is what it was at the backup.</summary>
    private void Restore(Words words)
    {
        var node = Node(words);
        var isNoticed = words.Take("noticed");
        var away = words.For();
        if (!_backups.TryGetValue(node.Number, out var backup))
        {
            return;
        }

        node.Crash();
        if (!isNoticed)
        {
            Cluster.Watch.TwoFaced.Add(node.Did);
        }

        Cluster.Sometimes.Reach(Rarity.Restored);
        node.Disk.Restore(backup, isNoticed);
        Cluster.Watch.Destroy(node.Number);
        if (away is { } time)
        {
            Cluster.StartLater(node, time);
        }
    }
}
