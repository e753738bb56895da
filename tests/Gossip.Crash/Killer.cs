using Gossip.Host.Commands;

namespace Gossip.Crash;

/// <summary>
/// Kills one node after the other and brings each back. Several run at once, so that a node may
/// start while another dies; a node belongs to one of them at a time.
/// </summary>
internal sealed class Killer(
    CrashSettings settings, Fates fates, Revival revival, Healing healing, Toll toll, Random random,
    TimeProvider time)
{
    /// <exception cref="CommandException">A node did not come back.</exception>
    public async Task RunAsync(Action<Fate> killed, CancellationToken stop)
    {
        while (fates.Take() is (var fate, var victim))
        {
            await (fate == Fate.Restart
                ? RestartAsync(victim, stop)
                : DestroyAsync(victim, fate, stop));
            fates.Return(victim);
            killed(fate);
        }
    }

    private async Task RestartAsync(CrashNode victim, CancellationToken stop)
    {
        await KillAsync(victim, stop);
        if (random.Next(settings.KillStartOneIn) == 0)
        {
            // Also in the midst of a recovery: from the first instruction to the first receipt.
            await victim.StartAndKillAsync(random.NextDouble() * revival.MedianTime, stop);
            toll.KilledWhileStarting();
        }

        await revival.StartAsync(victim, stop);
    }

    private async Task DestroyAsync(CrashNode victim, Fate fate, CancellationToken stop)
    {
        Task back;

        // What only one more node held may die with that one: heal before the next is destroyed.
        using (await healing.EnterAsync(stop))
        {
            await KillAsync(victim, stop);
            await victim.DestroyAsync(fate);
            back = revival.StartAsync(victim, stop);
            await healing.HealAsync(victim, stop);
        }

        await back;
    }

    /// <summary>
    /// Only under load: this life has acknowledged, and is published to without pause now.
    /// </summary>
    private async Task KillAsync(CrashNode victim, CancellationToken stop)
    {
        await revival.ReceiptAsync(victim, CrashSettings.ReceiptsPerLifeMin, stop);
        await toll.CountAsync(victim, stop);
        await victim.Life.DoomAsync();
        await Task.Delay(random.NextDouble() * settings.KillDelayMax, time, stop);
        await victim.KillAsync(stop);
        toll.Killed(victim);
    }
}
