using System.Collections.Concurrent;
using System.Text;
using Gossip.Host.Api;
using Gossip.Host.Client;
using Gossip.Host.Commands;

namespace Gossip.Adversary.Sieges;

/// <summary>
/// Honest users of all nodes: publish at a steady rate, and read what the others wrote. From asking
/// to publish until another node's reader has it, per payload and reader.
/// </summary>
internal sealed class SteadyLoad(Stronghold[] nodes, SiegeSettings settings, TimeProvider time)
{
    private const int LanesPerNode = 2;

    /// <summary>By every reader, before anything counts.</summary>
    private const int ReadBefore = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, (int Node, long At)> _sent = new();
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new();
    private readonly ConcurrentDictionary<string, bool>[] _seen =
        [.. nodes.Select(_ => new ConcurrentDictionary<string, bool>())];

    private long _number;
    private Times _deliveries = new();

    /// <summary>Every payload that a node acknowledged so far.</summary>
    public ICollection<string> Acknowledged => _acknowledged.Keys;

    /// <summary>Those of them that some reader has not got.</summary>
    public string[] Missing(ICollection<string> texts) =>
        [.. texts.Where(text => _seen.Any(seen => !seen.ContainsKey(text)))];

    /// <summary>From now on deliveries count there.</summary>
    public void Begin(Times deliveries) => Volatile.Write(ref _deliveries, deliveries);

    /// <summary>Readers hang on every node, and get what the others write.</summary>
    /// <exception cref="TimeoutException">They do not.</exception>
    public async Task FlowsAsync(TimeSpan deadline)
    {
        var started = time.GetTimestamp();
        while (_seen.Any(seen => seen.Count < ReadBefore))
        {
            if (time.GetElapsedTime(started) > deadline)
            {
                throw new TimeoutException("No payload arrived everywhere.");
            }

            await Task.Delay(Pause, time);
        }
    }

    /// <summary>Ends when it is told to.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        nodes.SelectMany((node, index) => Enumerable.Range(0, LanesPerNode)
            .Select(lane => PublishAsync(node, index, lane, stop))
            .Append(FollowAsync(node, index, stop))));

    private async Task PublishAsync(Stronghold node, int index, int lane, CancellationToken stop)
    {
        var lanes = nodes.Length * LanesPerNode;
        var interval = TimeSpan.FromSeconds((double)lanes / settings.Rate);
        var started = time.GetTimestamp();

        // The schedule does not wait for answers that are late, and lanes do not march in step.
        for (var due = interval * ((double)((LanesPerNode * index) + lane) / lanes);
            !stop.IsCancellationRequested;
            due += interval)
        {
            if (due - time.GetElapsedTime(started) is var rest && rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var text = $"{Interlocked.Increment(ref _number)}";
            _sent[text] = (index, time.GetTimestamp());
            await TryAsync(node, text, stop);
        }
    }

    private async Task TryAsync(Stronghold node, string text, CancellationToken stop)
    {
        try
        {
            await node.Client.PublishAsync(
                SiegeSettings.Topic, Encoding.UTF8.GetBytes(text), null, stop);
            _acknowledged[text] = true;
        }
        catch (Exception e) when (e is CommandException or OperationCanceledException)
        {
            // Not acknowledged: nothing was promised.
        }
    }

    private async Task FollowAsync(Stronghold node, int index, CancellationToken stop)
    {
        try
        {
            await foreach (var payload in node.Client.ReadAsync(
                NodeClient.Path(SiegeSettings.Topic, "/stream"), null,
                ApiJson.Shared.StreamShape, stop))
            {
                Take(payload.Data, index);
            }
        }
        catch (Exception e) when (e is OperationCanceledException)
        {
            // It is over.
        }
    }

    private void Take(string? text, int index)
    {
        if (text is not null && _sent.TryGetValue(text, out var sent))
        {
            _seen[index][text] = true;
            if (sent.Node != index)
            {
                Volatile.Read(ref _deliveries).Add(time.GetElapsedTime(sent.At));
            }
        }
    }
}
