using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Host.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Host.Tests.Configuration.Keys;

/// <summary>Keys that a machine or an actor acts on, seen there without waiting.</summary>
internal static class MachineRows
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(1);

    public static readonly KeyRow[] All =
    [
        new("bootstrap", "[\"a.example:1\", \"b.example:2\"]", "a.example:1 b.example:2", s =>
            string.Join(' ', Book(s).Ask(Now, new Signal.Started())
                .OfType<Effect.Dial>().Select(dial => dial.Address))),
        new("push", "off", "nothing", s => Ledger(s)
            .Ask(
                Now,
                [.. Known, new Signal.Advanced(Bench.Topic, Bench.Row), new Signal.HeadsDue()])
            .OfType<Effect.Tell>().Any(tell => tell.Signal is Signal.Send(_, GossipMessage.Heads))
                ? "heads"
                : "nothing"),

        new("times.round-interval", "80 ms", "80 ms", s => Rounds(s)
            .Ask(Now, new Signal.RoundDue(1)).Timer<Signal.RoundDue>()),
        new("times.round-timeout", "77 ms", "77 ms", s => Rounds(s)
            .Ask(Now, Subscribed, new Signal.RoundDue(1)).Timer<Signal.RoundExpired>()),
        new("times.heads-interval", "77 ms", "77 ms", s => Ledger(s)
            .Ask(Now, [.. Known]).Timer<Signal.HeadsDue>()),
        new("times.partition-threshold", "77 ms", "77 ms", s => Rounds(s)
            .Ask(Now, Subscribed, new Signal.PeerDown(Bench.Link, "gone"))
            .Timer<Signal.SilenceDue>()),
        new("times.pull-grace", "77 ms", "77 ms", s => Replica(s)
            .Ask(Now, Subscribed, new Signal.Shown(Bench.Link, Bench.Topic, 0, [Bench.Row]))
            .Timer<Signal.PullDue>()),
        new("times.pull-timeout", "77 ms", "77 ms", s => Replica(s)
            .Ask(Now, Subscribed, new Signal.Shown(Bench.Link, Bench.Topic, 1, [Bench.Row]))
            .Timer<Signal.PullExpired>()),
        new("times.handshake-timeout", "77 ms", "77 ms", s => FirstAt<GossipMessage.Goodbye>(
            () => Greeting(s), [76, 77, 4_999, 5_000])),
        new("times.ping-interval", "77 ms", "77 ms", s => FirstAt<GossipMessage.Ping>(
            () => Established(s), [76, 77, 4_999, 5_000])),
        new("times.idle-timeout", "7 s", "7 s", s => FirstAt<GossipMessage.Goodbye>(
            () => Established(s), [6_999, 7_000, 19_999, 20_000])),
        // In the middle of its jitter a wait is three quarters of its length.
        new("times.redial-min", "100 ms", "75 ms", s => Redials(s, 1)),
        new("times.redial-max", "40 s", "30 s", s => Redials(s, 30)),

        new("sizes.topics-per-peer-max", "2", "3 refused", s =>
        {
            var session = Established(s);
            return $"{Enumerable.Range(1, 5).Sum(i => session.Ask(Now, Bench.Frame(
                    new GossipMessage.Subscribe(new(new Hash(0, 0, 0, (ulong)i)))))
                .OfType<Effect.Exceed>().Count())} refused";
        }),
        new("sizes.credit-bytes", "2 MiB", "2 MiB", s =>
            Units.Show(new PeerLink(Bench.Link, null!, s.Options.Sizes).Credit.Left)),
        new("sizes.send-queue-bytes-max", "2 MiB", "2 frames", s =>
        {
            var link = new PeerLink(Bench.Link, null!, s.Options.Sizes);
            var count = 0;
            while (link.Send(new byte[1024 * 1024], SendClass.Relayed))
            {
                count++;
            }

            return $"{count} frames";
        }),
        new("sizes.mailbox-max", "77", "77 signals", MailboxAsync),
    ];

    private static Signal.Subscribed Subscribed =>
        new(Bench.Link, Bench.Theirs.Self, Bench.Topic, true);

    private static Signal[] Known => [new Signal.TopicCarried(Bench.Topic, Bench.Name), Subscribed];

    private static PeerBook Book(Settings s) => new(Bench.Self, s.Options, new Bench.Middle(), []);

    private static AntiEntropy Rounds(Settings s) => new(s.Options, new Bench.Middle());

    private static ClockLedger Ledger(Settings s) => new(Bench.Self, s.Options);

    private static TopicReplica Replica(Settings s) => new(
        new() { Topic = Bench.Topic, Name = Bench.Name }, Bench.Self, Bench.Own, s.Options,
        () => 7);

    public static PeerSession Greeting(Settings s)
    {
        var session = new PeerSession(
            Bench.Link, Bench.Theirs.Self, null, new Nonce(1), Bench.Self, s.Options);
        session.Ask(TimeSpan.Zero, new Signal.Started());
        return session;
    }

    private static PeerSession Established(Settings s)
    {
        var session = Greeting(s);
        session.Ask(TimeSpan.Zero, Bench.Frame(Bench.Hello()));
        return session;
    }

    /// <summary>After how much silence a session first says such a thing.</summary>
    private static string FirstAt<T>(Func<PeerSession> session, int[] milliseconds)
        where T : GossipMessage =>
        milliseconds.Select(at => TimeSpan.FromMilliseconds(at))
            .Where(at => session().Ask(at, new Signal.LivenessDue(Bench.Link))
                .Messages().OfType<T>().Any())
            .Select(Units.Show)
            .FirstOrDefault("never");

    /// <summary>How long a node waits after so many failures to reach a peer.</summary>
    private static string Redials(Settings s, int failures)
    {
        var options = s.Options with { Bootstrap = ["a.example:1"] };
        var book = new PeerBook(Bench.Self, options, new Bench.Middle(), []);
        book.Ask(Now, new Signal.Started());
        var wait = "";
        for (var i = 1; i <= failures; i++)
        {
            wait = book.Ask(Now, new Signal.DialFailed("a.example:1", GoodbyeCode.None, "gone"))
                .Timer<Signal.RedialDue>();
            book.Ask(Now, new Signal.RedialDue("a.example:1", i));
        }

        return wait;
    }

    /// <summary>How many signals wait for an actor that does not come to read them.</summary>
    private static async Task<string> MailboxAsync(Settings s)
    {
        Actor? actor = null;
        await using var supervisor = new EmbeddedRuntime().Supervise(new(
            s.Options,
            new(TimeProvider.System),
            new StatusBoard(),
            new((_, _) => { }, introduced => actor = introduced, (_, _, _) => { }, _ => { }),
            NullLogger.Instance));
        using var busy = new BusyMachine();
        await supervisor.SpawnAsync(
            MachineId.Ledger, (_, _) => Task.FromResult<IMachine>(busy));
        await busy.Began;
        var count = 0;
        while (actor!.TryTell(new Signal.Publish(Bench.Topic, new(1), [])))
        {
            count++;
        }

        busy.Go();
        return $"{count} signals";
    }

    private sealed class BusyMachine : IMachine, IDisposable
    {
        private readonly SemaphoreSlim _go = new(0);
        private readonly TaskCompletionSource _began =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => _began.Task.WaitAsync(GossipProcess.Deadline);

        public void Handle(Signal signal, Moment now, Outbox outbox)
        {
            if (_began.TrySetResult())
            {
                _go.Wait();
            }
        }

        public void Go() => _go.Release();

        public void Dispose() => _go.Dispose();
    }
}
