namespace Gossip.Actors.Diagnostics;

/// <summary>A part of a node's work whose CPU time is told apart.</summary>
internal enum Stage
{
    /// <summary>Whatever no other stage claims: TLS reading, the thread pool, timers.</summary>
    Other,

    /// <summary>A user's publish call, up to the mailbox.</summary>
    Publish,

    /// <summary>Frames into messages, ids included.</summary>
    Decode,

    /// <summary>A topic's machine: rules, payload hashes, order, acknowledgements.</summary>
    Topic,

    Sign,
    Verify,

    /// <summary>The writer's thread.</summary>
    Store,

    /// <summary>Reading the store.</summary>
    Read,

    /// <summary>Messages into frames.</summary>
    Encode,

    /// <summary>TLS and the socket, writing.</summary>
    Send,

    /// <summary>Ledger, rounds, peers.</summary>
    Ledger,

    /// <summary>A subscriber's own work.</summary>
    Deliver,
}

/// <summary>
/// Where does a node's CPU go? Off, at the price of one test, until a benchmark brings a clock that
/// counts the CPU time of a thread. A stage counts its own time only: what runs inside stops it.
/// </summary>
internal static class Stages
{
    private static readonly long[] Taken = new long[Enum.GetValues<Stage>().Length];

    [ThreadStatic]
    private static Stage _current;

    [ThreadStatic]
    private static long _since;

    /// <summary>
    /// Nanoseconds of CPU that the calling thread has used; null: nothing counts.
    /// </summary>
    public static Func<long>? ThreadClock { get; set; }

    /// <summary>Nanoseconds of CPU per stage so far.</summary>
    public static IEnumerable<KeyValuePair<Stage, long>> All =>
        Enum.GetValues<Stage>().Select(s =>
            KeyValuePair.Create(s, Interlocked.Read(ref Taken[(int)s])));

    /// <summary>Until it is disposed, on this thread: nothing may be awaited inside.</summary>
    public static Measured Measure(Stage stage) => ThreadClock is null ? default : new(stage);

    private static void Enter(Stage stage)
    {
        var now = ThreadClock!();
        if (_current != Stage.Other)
        {
            Interlocked.Add(ref Taken[(int)_current], now - _since);
        }

        (_current, _since) = (stage, now);
    }

    internal readonly ref struct Measured : IDisposable
    {
        private readonly bool _isOn;
        private readonly Stage _outer;

        public Measured(Stage stage)
        {
            (_isOn, _outer) = (true, _current);
            Enter(stage);
        }

        public void Dispose()
        {
            if (_isOn)
            {
                Enter(_outer);
            }
        }
    }
}
