using System.Collections.Concurrent;
using System.Net.Sockets;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Tests.Nodes;

namespace Gossip.Adversary.Connections;

/// <summary>
/// Tries every case on one node that has an honest peer. After each: nobody was taken for a peer,
/// nothing came in, and both go on serving each other.
/// </summary>
internal sealed class ConnectionRun : IAsyncDisposable
{
    private readonly Cluster _cluster = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Did, bool> _met = new();
    private Task _watching = Task.CompletedTask;
    private Ground _ground = null!;
    private Scene _scene = null!;

    private ConnectionRun()
    {
    }

    public static IReadOnlyList<ConnectionCase> Cases =>
    [
        .. PlainCases.All, .. OpeningCases.All, .. CertificateCases.All, .. HandshakeCases.All,
        .. FrameCases.All, .. TrapCases.All,
    ];

    public static async Task<ConnectionRun> BeginAsync()
    {
        var run = new ConnectionRun();
        var trap = new Trap();
        run._ground = await Ground.BeginAsync(run._cluster, o => o with
        {
            Bootstrap = [trap.Address],
            Times = o.Times with
            {
                RedialMin = TimeSpan.FromMilliseconds(20),
                RedialMax = TimeSpan.FromMilliseconds(100),
            },
        });
        var (target, honest) = (run._ground.Target, run._ground.Honest);
        run._scene = new(target.Address!, target.Did, honest.Did, trap);
        run._watching = run.WatchAsync(target);
        return run;
    }

    /// <summary>One after the other, and all that wait for a deadline beside them.</summary>
    public async IAsyncEnumerable<Verdict> RunAsync(IReadOnlyList<ConnectionCase> cases)
    {
        var slow = cases.Where(c => c.IsSlow).ToArray();
        var began = await _ground.NoteAsync();
        var waiting = Task.WhenAll(slow.Select(AttackAsync));
        foreach (var one in cases.Where(c => !c.IsSlow))
        {
            var before = await _ground.NoteAsync();
            var attack = await AttackAsync(one);
            var after = await _ground.NoteAsync();
            yield return await JudgeAsync(one, attack, before, after.ChangesSince(before));
        }

        // What they must not change was compared all the while; what they raise is counted.
        var attacks = await waiting;
        foreach (var (one, attack) in slow.Zip(attacks))
        {
            yield return await JudgeAsync(one, attack, began, []);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _cluster.DisposeAsync();
        _scene.Trap.Dispose();
        _stop.Dispose();
    }

    private async Task<(Did Who, Ending Ending, string? Error)> AttackAsync(ConnectionCase one)
    {
        await using var stranger = await Stranger.ConnectAsync(_scene);
        try
        {
            return (stranger.Keys.Self, await one.AttackAsync(stranger), null);
        }
        catch (Exception e) when (e is TimeoutException or IOException or SocketException)
        {
            return (stranger.Keys.Self, Ending.Silent, e.Message);
        }
    }

    private async Task<Verdict> JudgeAsync(
        ConnectionCase one, (Did Who, Ending Ending, string? Error) attack, Note before,
        IEnumerable<string> changes)
    {
        var faults = new List<string>();
        Check(attack.Error is null, attack.Error ?? "");
        Check(one.Expected.IsMetBy(attack.Ending), $"{attack.Ending}, not: {one.Expected}");
        if (one.Expected.Counter is { } counter)
        {
            Check(await _ground.GrewAsync(counter, before), $"{counter} did not grow");
        }

        if (one.Expected.IsNegative)
        {
            Check(!_met.ContainsKey(attack.Who), "the stranger was taken for a peer");
            faults.AddRange(changes);
        }

        faults.AddRange(await _ground.GoesOnAsync());
        return new(one.Name, one.How, one.Expected.ToString()!, one.Expected.IsNegative,
            attack.Ending.ToString(), faults);

        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }

    private async Task WatchAsync(GossipNode node)
    {
        await foreach (var happened in node.WatchAsync(_stop.Token))
        {
            if (happened is NodeEvent.PeerAdded(var peer, _))
            {
                _met[peer] = true;
            }
        }
    }
}
