using System.Collections.Concurrent;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Tests.Nodes;

namespace Gossip.Adversary;

/// <summary>
/// A node that is attacked, and an honest one connected to it: what did an attack change, and do
/// both go on?
/// </summary>
internal sealed class Ground
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly ConcurrentDictionary<LogId, long> _heads = [];
    private int _published;

    private Ground(GossipNode target, GossipNode honest) => (Target, Honest) = (target, honest);

    public GossipNode Target { get; private set; }

    public GossipNode Honest { get; private set; }

    public static async Task<Ground> BeginAsync(
        Cluster cluster, Func<GossipOptions, GossipOptions>? with = null)
    {
        var target = await cluster.StartAsync("target", with);
        var honest = await cluster.StartAsync("honest", null, target);
        var ground = new Ground(target, honest);
        await Cluster.UntilAsync(
            () => Task.FromResult(target.Status().PeersConnected == 1), () => "the honest peer");
        await ground.GoesOnAsync();
        return ground;
    }

    /// <summary>They were restarted: the same data, in new lives.</summary>
    public void Renew(GossipNode target, GossipNode honest) => (Target, Honest) = (target, honest);

    /// <summary>The present state, once nothing of our own is on its way.</summary>
    public async Task<Note> NoteAsync()
    {
        foreach (var node in new[] { Target, Honest })
        {
            if (!await TryAsync(async () => ShowsOwn(await Cluster.StatusAsync(node))))
            {
                throw new TimeoutException("What both published is not everywhere.");
            }
        }

        var status = await Cluster.StatusAsync(Target);
        return new(status.Root, status.Statistics, status.Closures.Length,
            status.Rows.Length, Target.Status().Counters);
    }

    public Task<bool> GrewAsync(string counter, Note before) => TryAsync(() =>
        Task.FromResult(Target.Status().Counters[counter] > before.Counters[counter]));

    /// <summary>
    /// Both publish, both hold it, and no part of either had to be restarted: the faults.
    /// </summary>
    public async Task<IReadOnlyList<string>> GoesOnAsync()
    {
        string?[] gone = await Task.WhenAll(SendAsync(Target, Honest), SendAsync(Honest, Target));
        var faults = gone.OfType<string>().ToList();
        foreach (var node in new[] { Target, Honest })
        {
            var restarts = node.Status().Counters["restarts"];
            faults.AddRange(restarts == 0 ? [] : [$"{restarts} parts were restarted"]);
            faults.AddRange(node.Status().NotReady);
        }

        return faults;
    }

    /// <summary>The view of a topic follows its store: only now is the root the newest.</summary>
    private bool ShowsOwn(TopicStatus status) => _heads.All(own => status.Rows.Any(row =>
        row.Log == own.Key && row.Holdings.Head >= own.Value));

    /// <summary>False when it does not come true in time.</summary>
    public static async Task<bool> TryAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
            {
                return false;
            }

            await Task.Delay(Pause, TimeProvider.System);
        }

        return true;
    }

    private async Task<string?> SendAsync(GossipNode from, GossipNode to)
    {
        var text = $"still here {Interlocked.Increment(ref _published)}";
        var receipt = (await Cluster.PublishAsync(from, text))[0];
        _heads[receipt.Dot.Log] = receipt.Dot.Seq;
        return await TryAsync(async () =>
            await to.FindAsync(receipt.Entry, CancellationToken.None) is not null)
            ? null
            : $"'{text}' did not arrive";
    }
}
