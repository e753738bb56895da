using Gossip.Actors.Transport;
using Gossip.Tests.Hostile;
using Gossip.Tests.Nodes;

namespace Gossip.Adversary.Wires;

/// <summary>
/// Tells every lie to one node that has an honest peer. After each: the counter says what was
/// refused, nothing false is held, and both go on.
/// </summary>
internal sealed class WireRun : IAsyncDisposable
{
    private readonly Cluster _cluster = new();
    private Ground _ground = null!;

    private WireRun()
    {
    }

    public static IReadOnlyList<WireCase> Cases =>
        [.. SenderCases.All, .. EntryCases.All, .. ProofCases.All, .. ClaimCases.All];

    public static async Task<WireRun> BeginAsync()
    {
        var run = new WireRun();
        run._ground = await Ground.BeginAsync(run._cluster, o => o with
        {
            Topics = [.. o.Topics, SenderCases.Secret],
            Times = o.Times with { PullTimeout = TimeSpan.FromMilliseconds(300) },
        });
        return run;
    }

    public async IAsyncEnumerable<Verdict> RunAsync(IReadOnlyList<WireCase> cases)
    {
        foreach (var one in cases)
        {
            yield return await RunAsync(one);
        }
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private async Task<Verdict> RunAsync(WireCase one)
    {
        await using var peer = await HostilePeer.MeetAsync(_ground.Target);
        var scene = new WireScene(_ground, peer);
        var before = await _ground.NoteAsync();
        var faults = new List<string>();
        try
        {
            await one.AttackAsync(scene);
        }
        catch (Exception e) when (e is TimeoutException or TransportException)
        {
            faults.Add(e.Message);
        }

        foreach (var counter in one.Counters)
        {
            faults.AddRange(await _ground.GrewAsync(counter, before)
                ? []
                : [$"{counter} did not grow"]);
        }

        var after = await _ground.NoteAsync();
        faults.AddRange(scene.Faults);
        faults.AddRange(one.LeavesEntries ? [] : after.ChangesSince(before));
        faults.AddRange(await _ground.GoesOnAsync());
        var grown = after.Counters.Where(c => c.Key.StartsWith("refused.", StringComparison.Ordinal)
            && c.Value > before.Counters[c.Key]);
        return new(one.Name, one.How, one.Expected, !one.IsControl,
            string.Join(", ", grown.Select(c => c.Key)), faults);
    }
}
