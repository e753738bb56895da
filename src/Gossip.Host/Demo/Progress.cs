using Gossip.Host.Commands;

namespace Gossip.Host.Demo;

/// <summary>
/// What is the demo doing? Each step on a line of standard error; on a terminal the count below
/// moves in place, elsewhere it is repeated now and then.
/// </summary>
internal sealed class Progress(Terminal terminal, Publications publications, TimeProvider time)
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(2);

    private readonly long _started = time.GetTimestamp();
    private readonly Lock _gate = new();

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public void Say(string step)
    {
        lock (_gate)
        {
            if (Terminal.IsLive)
            {
                terminal.Live("");
            }

            terminal.Note($"{Elapsed.TotalSeconds,6:F1} s  {step}");
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(
            Terminal.IsLive ? LiveInterval : PlainInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                Count();
            }
        }
        catch (OperationCanceledException)
        {
            // The demo has ended.
        }
    }

    private void Count()
    {
        var count = $"{publications.Acknowledged} of {publications.Count} lines acknowledged";
        if (!Terminal.IsLive)
        {
            Say(count);
            return;
        }

        lock (_gate)
        {
            terminal.Live($"gossip: {Elapsed.TotalSeconds,6:F1} s  {count}");
        }
    }
}
