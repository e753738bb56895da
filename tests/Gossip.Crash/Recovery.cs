using System.Collections.Concurrent;
using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Crash;

/// <summary>Did a node come back with everything that it had promised?</summary>
internal sealed class Recovery(CrashSettings settings, Promises promises, TimeProvider time)
{
    private const int PageMax = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentQueue<string> _findings = new();
    private long _forgotten;

    /// <summary>How often a node was not back in time, and what was missing.</summary>
    public IReadOnlyCollection<string> Findings => _findings;

    /// <summary>Receipts that their own node did not know when it came back.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>How far its order of delivery goes now.</summary>
    public static async Task FindPositionAsync(CrashNode node, CancellationToken stop) =>
        node.Life.FirstPosition = (await node.Client.GetAsync(
            NodeClient.Path(CrashSettings.Topic), ApiJson.Shared.TopicShape, stop)).Position;

    /// <summary>
    /// Each receipt of its last life must stand where it says, at the position it had: what came
    /// back from another node instead would stand elsewhere.
    /// </summary>
    public Task RememberAsync(CrashNode node, CancellationToken stop) =>
        RememberAsync(node, node.Promised, stop);

    public async Task RememberAsync(
        CrashNode node, IReadOnlyCollection<ReceiptShape> promised, CancellationToken stop)
    {
        if (promised.Count == 0)
        {
            return;
        }

        var known = new Dictionary<long, EntryShape>();
        await ReadAsync(
            node.Client,
            promised.Min(receipt => receipt.Position) - 1,
            promised.Max(receipt => receipt.Position),
            page => Array.ForEach(page, entry => known.Add(entry.Position!.Value, entry)),
            stop);
        var forgotten = promised.LongCount(receipt =>
            !known.TryGetValue(receipt.Position, out var entry)
            || (entry.Id, entry.Log, entry.Seq) != (receipt.Entry, receipt.Log, receipt.Seq)
            || receipt.Index >= entry.Payloads.Length);
        Interlocked.Add(ref _forgotten, forgotten);
    }

    /// <summary>Ready, with a root, and with own heads as high as it ever promised.</summary>
    public async Task ShowAsync(CrashNode node, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        while (await WhyNotAsync(node, stop) is { } why)
        {
            if (time.GetElapsedTime(started) > settings.Deadline)
            {
                _findings.Enqueue($"node {node.Index + 1} ran for "
                    + $"{settings.Deadline.TotalSeconds:F0} s after a kill, but {why}");

                // Once is enough to fail; the next restart need not wait for it again.
                node.Heads.Clear();
                return;
            }

            await Task.Delay(Pause, time, stop);
        }
    }

    /// <summary>Page by page, in order of delivery.</summary>
    public async Task ReadAsync(
        NodeClient client, long after, long last, Action<EntryShape[]> read,
        CancellationToken stop)
    {
        while (after < last)
        {
            var page = await client.GetAsync(
                NodeClient.Path(CrashSettings.Topic, $"/entries?after={after}&limit={PageMax}"),
                ApiJson.Shared.PageShape, stop);
            if (page.Entries.Length == 0)
            {
                break;
            }

            promises.Saw(page.Entries);
            read(page.Entries);
            after = page.Next;
        }
    }

    private static async Task<string?> WhyNotAsync(CrashNode node, CancellationToken stop)
    {
        var status = await node.Client.GetAsync("/status", ApiJson.Shared.StatusShape, stop);
        if (status.NotReady.Length > 0)
        {
            return $"is not ready: {string.Join("; ", status.NotReady)}";
        }

        var topic = await node.Client.GetAsync(
            NodeClient.Path(CrashSettings.Topic), ApiJson.Shared.TopicShape, stop);
        var low = node.Heads.FirstOrDefault(head => !topic.Rows.Any(row =>
            row.Log == head.Key && row.Head >= head.Value));
        return low.Key is not null ? $"shows less than {low.Key}#{low.Value}, which it promised"
            : topic.Root.Length == 0 ? "shows no root"
            : null;
    }
}
