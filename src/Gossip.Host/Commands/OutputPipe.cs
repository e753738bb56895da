using System.Runtime.InteropServices;

namespace Gossip.Host.Commands;

/// <summary>
/// Does anybody still read our standard output? .NET says nothing when it writes into a pipe whose
/// reader has gone (<c>gossip tail news | head -1</c>), so what follows for ever asks here.
/// </summary>
internal sealed class OutputPipe : IDisposable
{
    private const int StandardOutput = 1;
    private const short Error = 0x8;
    private const short HungUp = 0x10;

    // Without a change poll sleeps; now and then it looks whether it is still wanted.
    private const int PatienceMilliseconds = 1000;

    private readonly CancellationTokenSource _closed;

    public OutputPipe(CancellationToken stop)
    {
        _closed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (Console.IsOutputRedirected && !OperatingSystem.IsWindows())
        {
            new Thread(Watch) { IsBackground = true, Name = "output pipe" }.Start();
        }
    }

    /// <summary>Cancelled when the reader has gone, or when the command is stopped.</summary>
    public CancellationToken Token => _closed.Token;

    /// <summary>What was written last may not have been read.</summary>
    public static bool IsClosed => Console.IsOutputRedirected
        && !OperatingSystem.IsWindows()
        && IsClosedWithin(0);

    public void Dispose() => _closed.Cancel();

    private void Watch()
    {
        while (!_closed.IsCancellationRequested)
        {
            if (IsClosedWithin(PatienceMilliseconds))
            {
                _closed.Cancel();
            }
        }
    }

    private static bool IsClosedWithin(int milliseconds)
    {
        var descriptor = new PollDescriptor { File = StandardOutput };
        return Native.Poll(ref descriptor, 1, milliseconds) > 0
            && (descriptor.Happened & (Error | HungUp)) != 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Asked;
        public short Happened;
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "poll")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Poll(ref PollDescriptor descriptors, nuint count, int timeout);
    }
}
