using System.Collections.Concurrent;
using System.Text;
using Gossip.Host.Commands;

namespace Gossip.Crash;

/// <summary>Publishes to a node without pause for as long as its life lasts.</summary>
internal sealed class Load(CrashSettings settings, Promises promises, TimeProvider time)
{
    // Several at once: their payloads share entries, as in earnest.
    private const int LanesPerNode = 4;

    private readonly ConcurrentDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private long _unanswered;

    /// <summary>Refusals by their code: none is expected.</summary>
    public SortedDictionary<string, long> Refused => new(_refused, StringComparer.Ordinal);

    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>
    /// Ends when the life is over, or at <paramref name="stop"/>, with outcomes known.
    /// </summary>
    public Task PublishAsync(Life life, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, LanesPerNode).Select(_ => RunLaneAsync(life, stop)));

    /// <summary>So many, one after the other.</summary>
    public async Task PublishAsync(Life life, int count)
    {
        for (var i = 0; i < count && await TryAsync(life); i++)
        {
        }
    }

    private async Task RunLaneAsync(Life life, CancellationToken stop)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop, life.Over);
        var interval = TimeSpan.FromSeconds(1.0 * settings.Nodes * LanesPerNode / settings.Rate);
        while (!ends.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            if (!await TryAsync(life))
            {
                return;
            }

            var rest = interval - time.GetElapsedTime(started);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, ends.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>False when the node does not answer any more.</summary>
    private async Task<bool> TryAsync(Life life)
    {
        var promise = promises.New();
        using var late = new CancellationTokenSource(settings.Deadline, time);
        try
        {
            var answer = await life.Client.PublishAsync(
                CrashSettings.Topic, Encoding.UTF8.GetBytes(promise.Text), null, late.Token);
            var receipt = answer.Receipts.Single();
            promises.Acknowledge(promise, receipt);
            life.Promise(receipt);
            return true;
        }
        catch (CommandException e) when (e.InnerException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError,
        })
        {
            promises.NeverSent(promise);
            return false;
        }
        catch (CommandException e) when (e.ExitCode == ExitCode.Unreachable)
        {
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
}
