using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gossip.Adversary.Attacks;
using Gossip.Host.Commands;

namespace Gossip.Adversary.Sieges;

/// <summary>An attacker in a process of its own, held to half a core.</summary>
internal sealed class Attacker : IDisposable
{
    private readonly Attack _attack;
    private readonly Process _process;
    private readonly Confinement _confinement;

    private Attacker(Attack attack, Process process)
    {
        (_attack, _process) = (attack, process);
        _confinement = Confinement.Of(process.Id, SiegeSettings.Cores);
    }

    public string Confined => _confinement.Kind;

    public static Attacker Start(Attack attack, Stronghold target, TimeSpan duration)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Gossip.Adversary");
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "attack",
                attack.Name,
                target.Address,
                target.Client.Address.ToString(),
                duration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            },
        };
        return new(attack, Process.Start(start)!);
    }

    /// <summary>What it did, once it has ended by itself.</summary>
    public async Task<AttackOutcome> EndAsync(TimeSpan deadline, TimeProvider time)
    {
        try
        {
            var said = await _process.StandardOutput.ReadToEndAsync().WaitAsync(deadline, time);
            return said.Length > 0
                ? JsonSerializer.Deserialize(said, AdversaryJson.Shared.AttackOutcome)!
                : throw CommandException.Failed(
                    "attacker-failed", $"The attacker '{_attack.Name}' broke; see its last words.");
        }
        catch (TimeoutException)
        {
            throw CommandException.Failed("attacker-failed",
                $"The attacker '{_attack.Name}' did not end within {deadline}: the machine may "
                + "have too much else to do.");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(TimeSpan.FromSeconds(5));
        }

        _process.Dispose();
        _confinement.Dispose();
    }
}

/// <summary>What an attacker says of itself when it ends.</summary>
internal sealed record AttackOutcome(long Done, double CpuSeconds);
