using System.Net;
using System.Net.Sockets;

namespace Gossip.Adversary.Connections;

/// <summary>
/// An address that the node was told to dial: each attack decides how the next dial is answered.
/// Nobody is answered between attacks.
/// </summary>
internal sealed class Trap : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SemaphoreSlim _turn = new(1);

    public Trap() => _listener.Start();

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>The next dial; what waited from before is sent away.</summary>
    public async Task<Ending> AnswerAsync(Func<Socket, CancellationToken, Task<Ending>> answerAsync)
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        await _turn.WaitAsync(late.Token);
        try
        {
            while (_listener.Pending())
            {
                (await _listener.AcceptSocketAsync(late.Token)).Dispose();
            }

            using var socket = await _listener.AcceptSocketAsync(late.Token);
            return await answerAsync(socket, late.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _turn.Dispose();
    }
}
