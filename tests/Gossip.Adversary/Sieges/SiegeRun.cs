using Gossip.Adversary.Attacks;
using Gossip.Host.Commands;

namespace Gossip.Adversary.Sieges;

/// <summary>
/// Attacks one node of an honest cluster under a steady load, each attack beside a control that
/// takes the same CPU without connecting: what do honest peers notice?
/// </summary>
internal sealed class SiegeRun(SiegeSettings settings, Terminal terminal, TimeProvider time)
{
    /// <summary>Below this share of the wanted load a window shows nothing.</summary>
    private const double LoadMin = 0.8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async IAsyncEnumerable<SiegeReport> RunAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var nodes = await Stronghold.StartAsync(settings, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var load = new SteadyLoad(nodes, settings, time);
        var running = load.RunAsync(over.Token);
        try
        {
            await load.FlowsAsync(settings.Deadline);
            await WindowAsync(nodes, load, Attack.Burn, settings.WarmUp, stop);
            foreach (var attack in settings.Attacks)
            {
                yield return await BesiegeAsync(nodes, load, attack, stop);
            }
        }
        finally
        {
            await over.CancelAsync();
            await running;
            Array.ForEach(nodes, node => node.Dispose());
        }
    }

    private async Task<SiegeReport> BesiegeAsync(
        Stronghold[] nodes, SteadyLoad load, Attack attack, CancellationToken stop)
    {
        var control = await WindowAsync(nodes, load, Attack.Burn, settings.Window, stop);
        var attacked = await WindowAsync(nodes, load, attack, settings.Window, stop);
        terminal.Note($"{attack.Name}: {attacked.Outcome.Done} done, "
            + $"p99 {attacked.Figures.P99Ms:F1} ms against {control.Figures.P99Ms:F1} ms");
        var acknowledged = load.Acknowledged;
        var lost = await LostAsync(load, acknowledged, stop);
        return new SiegeReport(
            attack.Name, attack.How, settings.Window.TotalSeconds, settings.Rate,
            acknowledged.Count, lost, control.Figures, attacked.Figures,
            Math.Round(attacked.Figures.P99Ms / Math.Max(control.Figures.P99Ms, 0.001), 2),
            attacked.RssGrowth, attacked.Outcome.Done, attacked.Outcome.CpuSeconds,
            attacked.Confined,
            [
                .. Reason(control.Figures.Deliveries < LoadMin * Wanted,
                    "too little load under the control"),
                .. Reason(attacked.Outcome.Done < attack.DoneMin,
                    $"{attacked.Outcome.Done} done, {attack.DoneMin} at least"),
                .. Reason(control.Outcome.CpuSeconds < attacked.Outcome.CpuSeconds / 2,
                    "the control took far less CPU"),
            ],
            []).Judge();
    }

    /// <summary>Each payload is delivered to all nodes but its own.</summary>
    private double Wanted =>
        settings.Rate * settings.Window.TotalSeconds * (SiegeSettings.Nodes - 1);

    private async Task<Window> WindowAsync(
        Stronghold[] nodes, SteadyLoad load, Attack attack, TimeSpan duration,
        CancellationToken stop)
    {
        var target = nodes[0];
        var (deliveries, probes) = (new Times(), new Probes(target, settings, time));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var before = target.RssBytes;
        using var attacker = Attacker.Start(attack, target, duration);
        load.Begin(deliveries);
        var probing = probes.RunAsync(ended.Token);
        var watching = WatchAsync(target, ended.Token);
        var outcome = await attacker.EndAsync(duration + settings.Deadline, time);
        load.Begin(new());
        await ended.CancelAsync();
        await probing;
        return new(Of(deliveries, probes), outcome, await watching - before, attacker.Confined);
    }

    /// <summary>The most memory that it took meanwhile.</summary>
    private async Task<long> WatchAsync(Stronghold target, CancellationToken stop)
    {
        var most = target.RssBytes;
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Pause, time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            most = Math.Max(most, target.RssBytes);
        }

        return most;
    }

    /// <summary>Acknowledged, and not read everywhere within the deadline.</summary>
    private async Task<long> LostAsync(
        SteadyLoad load, ICollection<string> acknowledged, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        var missing = load.Missing(acknowledged);
        while (missing.Length > 0 && time.GetElapsedTime(started) < settings.Deadline)
        {
            await Task.Delay(Pause, time, stop);
            missing = load.Missing(missing);
        }

        return missing.Length;
    }

    private static Figures Of(Times deliveries, Probes probes) => new(
        deliveries.Count, deliveries.Percentile(50), deliveries.Percentile(99),
        Math.Round(deliveries.Max, 3),
        probes.Handshakes.Count, probes.Handshakes.Failed,
        probes.Handshakes.Percentile(50), probes.Handshakes.Percentile(99),
        probes.Handshakes.Fault,
        probes.Requests.Count, probes.Requests.Failed,
        probes.Requests.Percentile(50), probes.Requests.Percentile(99),
        probes.Requests.Fault);

    private static string[] Reason(bool isSo, string reason) => isSo ? [reason] : [];

    private sealed record Window(
        Figures Figures, AttackOutcome Outcome, long RssGrowth, string Confined);
}
