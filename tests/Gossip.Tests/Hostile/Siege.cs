using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>
/// A node that is attacked, and an honest one connected to it: whatever happens to the first, what
/// it publishes must go on arriving at the second, and back.
/// </summary>
internal sealed class Siege : IAsyncDisposable
{
    private readonly Cluster _cluster = new();
    private int _published;

    private Siege()
    {
    }

    public GossipNode Target { get; private set; } = null!;

    public GossipNode Honest { get; private set; } = null!;

    public static async Task<Siege> BeginAsync(Func<GossipOptions, GossipOptions>? with = null)
    {
        var siege = new Siege();
        siege.Target = await siege._cluster.StartAsync("target", with);
        siege.Honest = await siege._cluster.StartAsync("honest", null, siege.Target);
        await siege.GoesOnAsync();
        return siege;
    }

    public long Counter(string name) => Target.Status().Counters[name];

    public Task CountedAsync(string name, long atLeast) => Cluster.UntilAsync(
        () => Task.FromResult(Counter(name) >= atLeast),
        () => $"{name} is {Counter(name)}, not {atLeast}: {Recent()}");

    public string Recent() => string.Join("; ", Target.Status().RecentRefusals);

    /// <summary>Both publish, both hold it, and no machine of either had to be restarted.</summary>
    public async Task GoesOnAsync()
    {
        foreach (var (from, to) in new[] { (Target, Honest), (Honest, Target) })
        {
            var receipts = await Cluster.PublishAsync(from, $"still here {++_published}");
            await HoldsAsync(to, receipts[0].Entry);
        }

        Assert.Equal(0, Target.Status().Counters["restarts"]);
        Assert.Equal(0, Honest.Status().Counters["restarts"]);
        Assert.Empty(Target.Status().NotReady);
    }

    public static async Task<bool> HasAsync(GossipNode node, EntryId id) =>
        await node.FindAsync(id, CancellationToken.None) is not null;

    public static Task HoldsAsync(GossipNode node, EntryId id) =>
        Cluster.UntilAsync(
            () => HasAsync(node, id),
            () => $"{id} is not held: {string.Join("; ", node.Status().RecentRefusals)}");

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
