using Gossip.Host.Commands;

namespace Gossip.Host.Client;

/// <summary>
/// Reads a stream again and again: a node that restarts, or cannot be reached for a while, is
/// waited for.
/// </summary>
internal sealed class Following(Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Until <paramref name="read"/> says that it has all it wants; <paramref name="seen"/> counts
    /// what came, and <paramref name="resumption"/> says from where it goes on.
    /// </summary>
    public async Task RunAsync(
        Func<CancellationToken, Task<bool>> read, Func<long> seen, Func<string> resumption,
        CancellationToken stop)
    {
        var retry = RetryMin;
        while (true)
        {
            var before = seen();
            try
            {
                if (await read(stop))
                {
                    return;
                }

                terminal.Note($"the node ended the stream; {resumption()}");
            }
            catch (CommandException e) when (e.ExitCode == ExitCode.Unreachable
                || e.Code is "stopped")
            {
                if (retry == RetryMin)
                {
                    terminal.Note($"no answer from the node; {resumption()}");
                }
            }

            retry = seen() > before ? RetryMin : retry;
            await Task.Delay(retry, time, stop);
            retry = TimeSpan.FromTicks(Math.Min(2 * retry.Ticks, RetryMax.Ticks));
        }
    }
}
