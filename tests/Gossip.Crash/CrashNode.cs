using System.Collections.Concurrent;
using Gossip.Host.Api;
using Gossip.Host.Client;
using Gossip.Host.Demo;
using Gossip.Actors.Runtime;

namespace Gossip.Crash;

/// <summary>
/// One node through its lives: the same data, address and neighbours. Remembers what it promised.
/// </summary>
internal sealed class CrashNode(
    int index, string directory, string address, string[] others, string configuration,
    NodeLog log, TimeProvider time)
    : IDisposable
{
    // Earlier lives' too: requests to them must end by themselves, to tell their outcome.
    private readonly List<Life> _lives = [];

    public int Index => index;

    public string Directory => directory;

    public Life Life => _lives[^1];

    public NodeClient Client => Life.Client;

    /// <summary>The receipts of the last life that gave any.</summary>
    public IReadOnlyCollection<ReceiptShape> Promised { get; private set; } = [];

    /// <summary>The highest number promised, per log of this node.</summary>
    public Dictionary<string, long> Heads { get; } = new(StringComparer.Ordinal);

    /// <summary>Sent to this node, and no answer: to be sent again under the same key.</summary>
    public ConcurrentQueue<Promise> Undecided { get; } = new();

    public Subscriber Subscriber { get; } = new(index, time);

    public NamedSubscriber Named { get; } = new(index, time);

    /// <param name="isAlone">It dials nobody and listens nowhere.</param>
    /// <param name="deadline">For the node to be ready.</param>
    public async Task StartAsync(bool isAlone, TimeSpan deadline)
    {
        var process = Launch(isAlone);
        try
        {
            var ready = await process.ReadyAsync(deadline, time);
            _lives.Add(new Life(process, new NodeClient(ready.Api)));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Starts the process and kills it before, or just after, it is ready.</summary>
    public async Task StartAndKillAsync(TimeSpan after, CancellationToken stop)
    {
        using var process = Launch(isAlone: false);
        await Task.Delay(after, time, stop);
        await process.KillAsync(stop);
    }

    public async Task KillAsync(CancellationToken stop)
    {
        await Life.KillAsync(stop);
        if (Life.Receipts.Count > 0)
        {
            Promised = Life.Receipts;
        }

        foreach (var receipt in Life.Receipts)
        {
            Heads[receipt.Log] = Math.Max(
                Heads.GetValueOrDefault(receipt.Log), receipt.Seq);
        }
    }

    /// <summary>
    /// Deletes what it held, and with it what it knew of keys and positions: whatever was promised
    /// must come back from peers.
    /// </summary>
    public async Task DestroyAsync(Fate fate)
    {
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles())
        {
            if (fate == Fate.LoseAll || file.Name != KeyFile.Name)
            {
                file.Delete();
            }
        }

        Promised = [];
        Heads.Clear();
        Undecided.Clear();
        await Subscriber.ForgetAsync();
        await Named.ForgetAsync();
    }

    public static CrashNode[] Create(CrashSettings settings, NodeLog log, TimeProvider time)
    {
        var ports = Ports.Find(settings.Nodes, new Random(settings.Seed));
        string[] addresses = [.. ports.Select(port => $"127.0.0.1:{port}")];
        return [.. addresses.Select((address, index) => new CrashNode(
            index,
            Path.Combine(settings.Directory, $"node-{index + 1}"),
            address,
            [.. addresses.Except([address])],
            WriteConfiguration(settings),
            log,
            time))];
    }

    public void Dispose() => _lives.ForEach(life => life.Dispose());

    private ChildNode Launch(bool isAlone)
    {
        List<string> arguments =
        [
            "member",
            "--config", configuration,
            "--data", directory,
            "--listen", isAlone ? "none" : address,
            "--api", "127.0.0.1:0",
            "--topic", CrashSettings.Topic,
            "--network", "crash",
        ];
        foreach (var other in isAlone ? [address] : others)
        {
            // Without any the default is dialled: alone, a node dials where nobody listens.
            arguments.AddRange(["--bootstrap", other]);
        }

        return ChildNode.Start(arguments, line => log.Hear(index, line));
    }

    /// <summary>For what no flag says; every node reads the same file.</summary>
    private static string WriteConfiguration(CrashSettings settings)
    {
        var file = Path.Combine(settings.Directory, "node.conf");
        File.WriteAllText(file, $"gossip.push = {(settings.Push ? "on" : "off")}\n");
        return file;
    }
}
