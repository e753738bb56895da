using System.Net.Sockets;

namespace Gossip.Host.Api;

/// <summary>
/// Who of those that came has sent a first request? Each is looked at now and then, and nothing is
/// awaited or registered for it: what .NET sets up for a socket that waits is kilobytes with
/// finalizers, and collecting thousands of them a second makes every request wait.
/// </summary>
/// <param name="settings">How long somebody may take.</param>
/// <param name="refusals">Counts who took longer.</param>
/// <param name="lane">Where all of this runs: one thing at a time.</param>
/// <param name="time">Now.</param>
/// <param name="letIn">Who has; false when there is no room.</param>
internal sealed class Doorstep(
    ApiSettings settings, ApiRefusals refusals, TaskScheduler lane, TimeProvider time,
    Func<Socket, Connections.Open, bool> letIn) : IAsyncDisposable
{
    /// <summary>
    /// An honest request comes in one packet, or its rest in the next; who takes longer is looked
    /// at ever less often.
    /// </summary>
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(640);
    private const int PauseGrowth = 4;

    /// <summary>
    /// While many wait, those of one step are looked at together: to be woken is dearer than to
    /// look.
    /// </summary>
    private const int Many = 32;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(8);

    /// <summary>Looks, before others have their turn.</summary>
    private const int PerTurn = 64;

    private static readonly byte[] TooSlow =
        [.. "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8];

    private readonly bool _isTls = settings.Certificate is not null;
    private readonly int _bodyBytes = FirstRequest.BodyBytes(settings);
    private readonly byte[] _begun = new byte[KestrelSettings.HeadBytesMax(settings)];
    private readonly long _started = time.GetTimestamp();
    private PriorityQueue<Guest, TimeSpan> _guests = new();
    private ITimer? _timer;
    private TimeSpan _due = TimeSpan.MaxValue;

    private TimeSpan Now => time.GetElapsedTime(_started);

    public void Add(Socket socket, Connections.Open open)
    {
        var now = Now;
        Look(
            new(socket, open)
            {
                Deadline = now + (_isTls ? settings.TlsTimeout : settings.HeadTimeout),
            },
            now);
        SetTimer(now);
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        await Task.Factory.StartNew(
            () =>
            {
                foreach (var (guest, _) in _guests.UnorderedItems)
                {
                    End(guest);
                }

                _guests.Clear();
            },
            CancellationToken.None, TaskCreationOptions.None, lane);
    }

    private void LookAtDue()
    {
        _due = TimeSpan.MaxValue;
        var now = Now;
        for (var i = 0; i < PerTurn && _guests.TryPeek(out var guest, out var due) && due <= now;
            i++)
        {
            _guests.Dequeue();
            Look(guest, now);
        }

        SetTimer(now);
    }

    private void SetTimer(TimeSpan now)
    {
        if (_guests.TryPeek(out _, out var due) && due < _due)
        {
            _due = due;
            _timer ??= time.CreateTimer(
                static doorstep => ((Doorstep)doorstep!).OnTimer(),
                this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(due > now ? due - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer() => Task.Factory.StartNew(
        LookAtDue, CancellationToken.None, TaskCreationOptions.None, lane);

    private void Look(Guest guest, TimeSpan now)
    {
        if (guest.Open.IsGone)
        {
            return;
        }

        try
        {
            switch (SaidBy(guest, now))
            {
                case Said.Enough when letIn(guest.Socket, guest.Open):
                    return;
                case Said.Enough:
                    refusals.Count(ApiLimit.Connections);
                    break;
                case Said.Some when now < guest.Deadline:
                    Wait(guest, now);
                    return;
                case Said.Some:
                    refusals.Count(ApiLimit.Slow);
                    TellTooSlow(guest.Socket);
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It left, or was sent away.
        }

        End(guest);
    }

    /// <summary>Takes nothing from the socket.</summary>
    private Said SaidBy(Guest guest, TimeSpan now)
    {
        var socket = guest.Socket;
        var here = socket.Available;
        if (here == 0)
        {
            return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0
                ? Said.Farewell
                : Said.Some;
        }

        if (guest.Needed is null && here > guest.Seen)
        {
            var said = _begun.AsSpan(0, socket.Receive(_begun, SocketFlags.Peek));
            guest.Seen = said.Length;
            guest.Needed = said.Length == _begun.Length ? said.Length
                : _isTls ? FirstRequest.BytesOfTls(said)
                : FirstRequest.BytesOfHttp(said, _bodyBytes);
            if (guest.Needed is not null && !_isTls)
            {
                // Its head is here: from now on a body's time runs.
                guest.Deadline = now + settings.RateGrace;
            }
        }

        return guest.Needed <= here ? Said.Enough : Said.Some;
    }

    private void Wait(Guest guest, TimeSpan now)
    {
        if (_guests.Count >= 2 * settings.WaitingMax)
        {
            // Those who gave way lie here until their turn: no more of them than of the others.
            _guests = new(_guests.UnorderedItems.Where(g => !g.Element.Open.IsGone));
        }

        var due = now + guest.Pause;
        due = due < guest.Deadline ? due : guest.Deadline;
        _guests.Enqueue(guest, _guests.Count < Many ? due : Step * Math.Ceiling(due / Step));
        guest.Pause = guest.Pause * PauseGrowth < PauseMax ? guest.Pause * PauseGrowth : PauseMax;
    }

    /// <summary>Nothing where it would have to be said in TLS, or was not asked for.</summary>
    private void TellTooSlow(Socket socket)
    {
        if (!_isTls && socket.Available > 0)
        {
            // What is not read makes the system take back what was said.
            socket.Receive(_begun);
            socket.Send(TooSlow);
        }
    }

    private static void End(Guest guest)
    {
        guest.Socket.Dispose();
        guest.Open.Leave();
    }

    private enum Said
    {
        /// <summary>Nothing, or not all of it.</summary>
        Some,
        Enough,

        /// <summary>It closed its side before it had asked.</summary>
        Farewell,
    }

    private sealed class Guest(Socket socket, Connections.Open open)
    {
        public Socket Socket => socket;

        public Connections.Open Open => open;

        public required TimeSpan Deadline { get; set; }

        public TimeSpan Pause { get; set; } = PauseFirst;

        /// <summary>So many bytes were not enough to tell how many are needed.</summary>
        public int Seen { get; set; }

        public long? Needed { get; set; }
    }
}
