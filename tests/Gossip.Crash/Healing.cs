using System.Globalization;
using Gossip.Host.Api;
using Gossip.Host.Client;
using Gossip.Host.Commands;

namespace Gossip.Crash;

/// <summary>
/// Does every other node hold what a destroyed one told any of them? Two copies survive the loss of
/// one; before the next loss there must be two again.
/// </summary>
internal sealed class Healing(CrashNode[] nodes, CrashSettings settings, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _one = new(1);
    private readonly List<string> _findings = [];

    /// <summary>What did not spread in time.</summary>
    public IReadOnlyList<string> Findings => _findings;

    public async Task<IDisposable> EnterAsync(CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        return new Turn(_one);
    }

    public async Task HealAsync(CrashNode destroyed, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        CrashNode[] others = [.. nodes.Where(node => node != destroyed)];
        var goal = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var other in others)
        {
            foreach (var row in await RowsAsync(other, stop))
            {
                goal[row.Log] = Math.Max(goal.GetValueOrDefault(row.Log), Last(row));
            }
        }

        foreach (var other in others)
        {
            while (Missing(goal, await RowsAsync(other, stop)) is { } missing)
            {
                if (time.GetElapsedTime(started) > settings.Deadline)
                {
                    _findings.Add($"node {other.Index + 1} did not get {missing} within "
                        + $"{settings.Deadline.TotalSeconds:F0} s after a destroyed disk");
                    return;
                }

                await Task.Delay(Pause, time, stop);
            }
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Above a gap too: it must come with everything before it.</summary>
    private static long Last(RowShape row)
    {
        var digits = row.Islands.Length - row.Islands.AsSpan().LastIndexOfAnyExceptInRange('0', '9')
            - 1;
        return digits == 0
            ? row.Head
            : long.Parse(row.Islands.AsSpan()[^digits..], CultureInfo.InvariantCulture);
    }

    private static string? Missing(Dictionary<string, long> goal, RowShape[] held)
    {
        var heads = held.ToDictionary(row => row.Log, row => row.Head);
        var low = goal.FirstOrDefault(log => heads.GetValueOrDefault(log.Key) < log.Value);
        return low.Key is null ? null : $"{low.Key}#{low.Value}";
    }

    /// <summary>What a node holds; waits while it is down for a while.</summary>
    private async Task<RowShape[]> RowsAsync(CrashNode node, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                var topic = await node.Client.GetAsync(
                    NodeClient.Path(CrashSettings.Topic), ApiJson.Shared.TopicShape, stop);
                return topic.Rows;
            }
            catch (CommandException)
            {
                // Another kill has it at hand, and brings it back.
                await Task.Delay(Pause, time, stop);
            }
        }
    }

    private sealed class Turn(SemaphoreSlim one) : IDisposable
    {
        public void Dispose() => one.Release();
    }
}
