using System.Collections.Concurrent;
using System.Text;
using Gossip.Host.Client;
using Gossip.Host.Commands;

namespace Gossip.Host.Demo;

/// <summary>
/// Publishes lines round-robin through all nodes at once. A line that a dead node cannot have
/// received goes to another node; one whose answer never came is never sent again.
/// </summary>
internal sealed class Load(Member[] members, Publications publications, TimeProvider time)
{
    // Enough to keep a node busy, few enough that a kill leaves few outcomes unknown.
    private const int LanesPerNode = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<int> _again = new();

    /// <summary>All of these lines were tried; each has an outcome.</summary>
    public async Task PublishAsync(Range range, CancellationToken stop)
    {
        var (first, count) = range.GetOffsetAndLength(publications.Count);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var left = new Left(count);
        var lanes =
            from member in members
            from lane in Enumerable.Range(0, LanesPerNode)
            let start = first + member.Index + lane * members.Length
            select RunLaneAsync(
                member, start, first + count, members.Length * LanesPerNode, left, failed);
        await Task.WhenAll(lanes);
    }

    private async Task RunLaneAsync(
        Member member, int next, int end, int step, Left left, CancellationTokenSource failed)
    {
        try
        {
            while (left.Count > 0)
            {
                if (_again.TryDequeue(out var line))
                {
                    await PublishLineAsync(member, line, left, failed.Token);
                }
                else if (next < end)
                {
                    line = next;
                    next += step;
                    await PublishLineAsync(member, line, left, failed.Token);
                }
                else
                {
                    // Another lane may yet hand a line back.
                    await Task.Delay(Pause, time, failed.Token);
                }
            }
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private async Task PublishLineAsync(
        Member member, int line, Left left, CancellationToken stop)
    {
        var outcome = await TryAsync(member.Client!, line, stop);
        if (outcome == Publications.Outcome.Unsent)
        {
            _again.Enqueue(line);
            await member.Up.Task.WaitAsync(stop);
            await Task.Delay(Pause, time, stop);
            return;
        }

        publications.Record(line, outcome);
        left.Done();
    }

    private async Task<Publications.Outcome> TryAsync(
        NodeClient client, int line, CancellationToken stop)
    {
        try
        {
            await client.PublishAsync(
                DemoSettings.Topic, Encoding.UTF8.GetBytes(publications.Payload(line)), null, stop);
            return Publications.Outcome.Acknowledged;
        }
        catch (CommandException e) when (e.InnerException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError,
        })
        {
            return Publications.Outcome.Unsent;
        }
        catch (CommandException e) when (e.ExitCode == ExitCode.Unreachable)
        {
            return Publications.Outcome.Unknown;
        }
    }

    private sealed class Left(int count)
    {
        private int _count = count;

        public int Count => Volatile.Read(ref _count);

        public void Done() => Interlocked.Decrement(ref _count);
    }
}
