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
            // What one node alone held may die with it, so only one at a time is destroyed.
            using var alone = fate == Fate.Restart ? null : await healing.EnterAsync(stop);
            await KillAsync(victim, stop);
            if (fate != Fate.Restart)
            {
                await victim.DestroyAsync(fate);
            }
            else if (random.Next(settings.KillStartOneIn) == 0)
            {
                // Also in the midst of a recovery: from the first instruction to the first receipt.
                await victim.StartAndKillAsync(
                    random.NextDouble() * revival.MedianTime, stop);
                toll.KilledWhileStarting();
            }

            await revival.StartAsync(victim, stop);
            if (fate != Fate.Restart)
            {
                await healing.HealAsync(victim, stop);
            }

            fates.Return(victim);
            killed(fate);
        }
    }

    /// <summary>Only under load: this life has acknowledged, and somebody publishes.</summary>
    private async Task KillAsync(CrashNode victim, CancellationToken stop)
    {
        await revival.ReceiptAsync(victim, CrashSettings.ReceiptsPerLifeMin, stop);
        await toll.CountAsync(victim, stop);
        await Task.Delay(random.NextDouble() * settings.KillDelayMax, time, stop);
        await victim.KillAsync(stop);
        toll.Killed(victim);
    }
}
