using System.Collections.Concurrent;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Tests.Nodes;
using Gossip.Tests.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Tests.Runtime;

/// <summary>On our own runtime.</summary>
public sealed class EmbeddedSupervisorTests() : SupervisorContract(new EmbeddedRuntime());

/// <summary>Does a fault end one machine, and only for a moment?</summary>
public abstract class SupervisorContract : IAsyncDisposable
{
    private static readonly MachineId.Topic Topic = new(TopicId.OfPublic(new("news")));
    private static readonly Link Link = new(1);
    private static readonly Signal.Publish Publish = new(Topic.Id, new(1), []);

    private static readonly Signal.Received Received =
        new(Link, Some.Author(1), new GossipMessage.PullRequest(Topic.Id, 1, []), 500);

    private readonly ConcurrentQueue<Signal> _deadLetters = new();
    private readonly ConcurrentQueue<MachineId> _settled = new();
    private readonly ConcurrentQueue<Signal> _returned = new();
    private readonly Supervisor _supervisor;
    private readonly StatusBoard _board = new();
    private long _credit;

    private protected SupervisorContract(INodeRuntime runtime) => _supervisor = runtime.Supervise(
        new(
            new GossipOptions(),
            new(TimeProvider.System),
            _board,
            new((_, _) => { }, _ => { }, Settle, _deadLetters.Enqueue),
            NullLogger.Instance));

    [Fact]
    public async Task A_machine_that_throws_comes_back_as_a_new_generation()
    {
        var (generations, restated) = (new ConcurrentQueue<long>(), 0);
        await _supervisor.SpawnAsync(MachineId.Ledger, (_, _) => Machine(signal =>
            restated += signal is Signal.Restate ? 1 : 0));
        var before = 0;
        await _supervisor.SpawnAsync(Topic, (generation, fault) =>
        {
            generations.Enqueue(generation);
            Assert.Equal(generation == 1, fault is null);
            return Machine(Fail);
        });
        await UntilAsync(() => (before = Volatile.Read(ref restated)) == 1);
        _supervisor.TellOne(Topic, new Signal.PullDue(Topic.Id));

        await UntilAsync(() => generations.Count == 2 && Volatile.Read(ref restated) == before + 1);
        Assert.Equal([1, 2], generations);
        Assert.Equal([Topic], _settled);
        await UntilAsync(() => !_supervisor.Faults.Any());
        Assert.Equal(1, _board.Counters["restarts"]);
    }

    [Fact]
    public async Task What_a_dead_machine_owes_comes_back_and_publishes_are_declined_meanwhile()
    {
        using var handling = new SemaphoreSlim(0);
        await _supervisor.SpawnAsync(Topic, (_, _) => Machine(signal =>
        {
            if (signal is Signal.PullDue)
            {
                handling.Wait();
                throw new InvalidOperationException("on purpose");
            }
        }));
        _supervisor.TellOne(Topic, Received);
        _supervisor.TellOne(Topic, new Signal.PullDue(Topic.Id));
        _supervisor.TellOne(Topic, Publish);
        handling.Release();

        await UntilAsync(() => _deadLetters.Count == 1);
        Assert.Equal(500, Interlocked.Read(ref _credit));
        Assert.Contains(Publish, _returned);
        Assert.Equal([Publish], _deadLetters);
    }

    [Fact]
    public async Task A_machine_that_cannot_be_made_says_why_and_is_tried_again()
    {
        var attempts = 0;
        var spawning = _supervisor.SpawnAsync(Topic, (_, _) => ++attempts < 3
            ? throw new InvalidOperationException($"attempt {attempts}")
            : Machine(_ => { }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => spawning);
        Assert.NotEmpty(_supervisor.Faults);
        await UntilAsync(() => !_supervisor.Faults.Any());
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task A_session_that_throws_ends_alone()
    {
        var heard = 0;
        await _supervisor.SpawnAsync(MachineId.Ledger, (_, _) => Machine(_ => heard++));
        var session = _supervisor.SpawnSession(new(Link), new Probe(Fail));
        await using var link = new PeerLink(Link, new Talkative(), new());
        var running = link.RunAsync(
            s => session.TellAsync(s, CancellationToken.None), CancellationToken.None);
        _supervisor.TellOne(new MachineId.Session(Link), new Signal.PullDue(Topic.Id));

        await UntilAsync(() => _settled.Contains(new MachineId.Session(Link)));
        var reason = await running.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.Equal("its session ended", reason);
        var before = Volatile.Read(ref heard);
        _supervisor.TellOne(MachineId.Ledger, new Signal.HeadsDue());
        await UntilAsync(() => Volatile.Read(ref heard) == before + 1);
        Assert.Equal(0, _board.Counters["restarts"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _supervisor.DisposeAsync();
        await EndRuntimeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the runtime stands on.</summary>
    protected virtual ValueTask EndRuntimeAsync() => default;

    private void Settle(MachineId id, Actor? actor, Exception fault)
    {
        foreach (var signal in actor?.Abandon((_, b) => Interlocked.Add(ref _credit, b)) ?? [])
        {
            _returned.Enqueue(signal);
        }

        _settled.Enqueue(id);
        if (fault.Message == "on purpose" && id is MachineId.Topic)
        {
            // Nobody is there between two generations.
            _supervisor.TellOne(Topic, Publish);
        }
    }

    private static void Fail(Signal signal)
    {
        if (signal is Signal.PullDue)
        {
            throw new InvalidOperationException("it broke");
        }
    }

    private static Task<IMachine> Machine(Action<Signal> handle) =>
        Task.FromResult<IMachine>(new Probe(handle));

    private static Task UntilAsync(Func<bool> condition) =>
        Cluster.UntilAsync(() => Task.FromResult(condition()), () => "it did not happen");

    private sealed class Probe(Action<Signal> handle) : IMachine
    {
        public void Handle(Signal signal, Moment now, Outbox outbox) => handle(signal);
    }

    /// <summary>A peer that never stops talking, a byte at a time.</summary>
    private sealed class Talkative : IConnection
    {
        public Did Peer => Some.Author(1);

        public string RemoteAddress => "peer:1";

        public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken stop)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, stop);
            return new byte[1];
        }

        public ValueTask SendAsync(
            IReadOnlyList<ReadOnlyMemory<byte>> frames, CancellationToken stop) => default;

        public ValueTask DisposeAsync() => default;
    }
}
