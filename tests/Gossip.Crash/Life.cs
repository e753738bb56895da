using System.Collections.Concurrent;
using Gossip.Host.Api;
using Gossip.Host.Client;
using Gossip.Host.Demo;

namespace Gossip.Crash;

/// <summary>
/// One life of a node: a process from its start to its kill, and what it promised.
/// </summary>
internal sealed class Life(ChildNode process, NodeClient client) : IDisposable
{
    private readonly ConcurrentQueue<ReceiptShape> _receipts = new();
    private readonly CancellationTokenSource _doomed = new();
    private readonly CancellationTokenSource _over = new();

    public NodeClient Client => client;

    /// <summary>Cancelled when a kill is near: whoever publishes makes no more pauses.</summary>
    public CancellationToken Doomed => _doomed.Token;

    /// <summary>Cancelled when the process was killed.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>How far its order of delivery went before anybody published to it.</summary>
    public long FirstPosition { get; set; }

    public IReadOnlyCollection<ReceiptShape> Receipts => _receipts;

    /// <summary>Whoever publishes to this life; ends after <see cref="Over"/>.</summary>
    public Task Publishing { get; set; } = Task.CompletedTask;

    public void Promise(ReceiptShape receipt) => _receipts.Enqueue(receipt);

    public Task DoomAsync() => _doomed.CancelAsync();

    /// <summary>SIGKILL; then waits until every request has learnt its outcome.</summary>
    public async Task KillAsync(CancellationToken stop)
    {
        await process.KillAsync(stop);
        await _over.CancelAsync();
        await Publishing.WaitAsync(stop);
    }

    public void Dispose()
    {
        process.Dispose();
        client.Dispose();
        _doomed.Dispose();
        _over.Dispose();
    }
}
