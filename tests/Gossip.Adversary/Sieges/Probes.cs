using Gossip.Actors.Transport;
using Gossip.Host.Client;
using Gossip.Host.Commands;
using Gossip.Tests.Hostile;

namespace Gossip.Adversary.Sieges;

/// <summary>
/// Honest strangers, again and again: how long until a new peer is greeted, a new request answered?
/// </summary>
internal sealed class Probes(Stronghold target, SiegeSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(10);

    public Times Handshakes { get; } = new();

    public Times Requests { get; } = new();

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        RepeatAsync(Handshakes, MeetAsync, stop), RepeatAsync(Requests, AskAsync, stop));

    private async Task RepeatAsync(
        Times times, Func<CancellationToken, Task> probeAsync, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var late = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
            var started = time.GetTimestamp();
            while (!await TryAsync(times, probeAsync, either.Token)
                && !either.IsCancellationRequested)
            {
                // As a node would that is sent away at the door.
                await Task.Delay(Again, time, either.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!stop.IsCancellationRequested)
            {
                times.Add(time.GetElapsedTime(started));
            }

            await Task.Delay(settings.ProbeInterval, time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> TryAsync(
        Times times, Func<CancellationToken, Task> probeAsync, CancellationToken stop)
    {
        try
        {
            await probeAsync(stop).WaitAsync(stop);
            return true;
        }
        catch (Exception e) when (e is TransportException or TimeoutException
            or CommandException or OperationCanceledException)
        {
            times.Fail(e.Message);
            return false;
        }
    }

    private async Task MeetAsync(CancellationToken stop)
    {
        await using var peer = await HostilePeer.MeetAsync(target.Address);
    }

    /// <summary>On a connection of its own, as a new program would.</summary>
    private async Task AskAsync(CancellationToken stop)
    {
        using var client = new NodeClient(target.Client.Address.ToString());
        await client.GetAsync("/healthz", stop);
    }
}
