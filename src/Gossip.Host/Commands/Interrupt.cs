using System.Runtime.InteropServices;

namespace Gossip.Host.Commands;

/// <summary>
/// Did someone ask us to stop? The first SIGINT or SIGTERM cancels the token, so that work ends in
/// order; the second ends the process at once.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    // 128 + SIGINT: what a shell shows for a process that was stopped by hand.
    private const int AbortedExitCode = 130;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    public Interrupt() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
    ];

    public CancellationToken Token => _source.Token;

    public void Raise()
    {
        if (Interlocked.Increment(ref _count) > 1)
        {
            Environment.Exit(AbortedExitCode);
        }

        // Not on the signal's thread: a second signal must be heard while the first is handled.
        _ = _source.CancelAsync();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Raise();
    }
}
