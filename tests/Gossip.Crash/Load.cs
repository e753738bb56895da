using System.Collections.Concurrent;
using System.Text;
using Gossip.Host.Client;
using Gossip.Host.Commands;

namespace Gossip.Crash;

/// <summary>
/// Publishes to a node for as long as its life lasts, and without pause when it is about to be
/// killed. First again, under the same key, what its last life gave no answer to.
/// </summary>
internal sealed class Load(CrashSettings settings, Promises promises, TimeProvider time)
{
    // Several at once: their payloads share entries, as in earnest.
    private const int LanesPerNode = 4;

    private readonly ConcurrentDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private long _unanswered;
    private long _retried;
    private long _repeated;
    private long _acksMissing;
    private long _unheld;

    /// <summary>Refusals by their code: none is expected.</summary>
    public SortedDictionary<string, long> Refused => new(_refused, StringComparer.Ordinal);

    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>Tried again under the same key, and then answered.</summary>
    public long Retried => Interlocked.Read(ref _retried);

    /// <summary>Of those: the first try had been published, so nothing was written.</summary>
    public long Repeated => Interlocked.Read(ref _repeated);

    /// <summary>Told that too few peers hold it; tried again.</summary>
    public long AcksMissing => Interlocked.Read(ref _acksMissing);

    /// <summary>Acknowledged, and fewer peers named than were asked for.</summary>
    public long Unheld => Interlocked.Read(ref _unheld);

    /// <summary>
    /// Ends when the life is over, or at <paramref name="stop"/>, with outcomes known.
    /// </summary>
    public Task PublishAsync(CrashNode node, Life life, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, LanesPerNode).Select(_ =>
            RunLaneAsync(node, life, stop)));

    /// <summary>So many, one after the other.</summary>
    public async Task PublishAsync(CrashNode node, int count)
    {
        for (var i = 0; i < count && await TryAsync(node, node.Life, promises.New(), false); i++)
        {
        }
    }

    private async Task RunLaneAsync(CrashNode node, Life life, CancellationToken stop)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop, life.Over);
        using var hurries = CancellationTokenSource.CreateLinkedTokenSource(
            ends.Token, life.Doomed);
        var interval = TimeSpan.FromSeconds(1.0 * settings.Nodes * LanesPerNode / settings.Rate);
        while (!ends.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var isRetry = node.Undecided.TryDequeue(out var promise);
            if (!await TryAsync(node, life, promise ?? promises.New(), isRetry))
            {
                return;
            }

            var rest = interval - time.GetElapsedTime(started);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, hurries.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>False when the node does not answer any more.</summary>
    private async Task<bool> TryAsync(CrashNode node, Life life, Promise promise, bool isRetry)
    {
        using var late = new CancellationTokenSource(settings.Deadline, time);
        try
        {
            var answer = await life.Client.PublishAsync(
                CrashSettings.Topic, Encoding.UTF8.GetBytes(promise.Text), null,
                new PublishTerms(settings.Acks, Key: promise.Key), late.Token);
            var receipt = answer.Receipts.Single();
            promises.Acknowledge(promise, receipt);
            life.Promise(receipt);
            Count(ref _retried, isRetry);
            Count(ref _repeated, isRetry && receipt.Position <= life.FirstPosition);
            Count(ref _unheld, settings.Acks > (receipt.Holders?.Length ?? 0));
            return true;
        }
        catch (AcksMissingException)
        {
            Interlocked.Increment(ref _acksMissing);
            node.Undecided.Enqueue(promise);
            return true;
        }
        catch (CommandException e) when (!isRetry && e.InnerException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError,
        })
        {
            promises.NeverSent(promise);
            return false;
        }
        catch (CommandException e) when (e.ExitCode == ExitCode.Unreachable)
        {
            node.Undecided.Enqueue(promise);
            return false;
        }
        catch (CommandException e) when (e.ExitCode == ExitCode.Refused)
        {
            _refused.AddOrUpdate(e.Code, 1, (_, count) => count + 1);
            return true;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            Interlocked.Increment(ref _unanswered);
            return true;
        }
    }

    private static void Count(ref long counter, bool isSo) =>
        Interlocked.Add(ref counter, isSo ? 1 : 0);
}
