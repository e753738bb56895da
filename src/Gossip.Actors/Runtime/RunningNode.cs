using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Actors.Transport;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>How does a node come to life, and how does it end? Puts the parts together.</summary>
internal sealed partial class RunningNode : IAsyncDisposable
{
    private readonly NodeGround _ground;
    private readonly NodeClock _clock;
    private readonly IListener? _listener;
    private readonly Switchboard _switchboard;
    private readonly Links _links;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _accepting = new();
    private readonly ConcurrentDictionary<TopicId, bool> _uncertain = new();
    private Task _accept = Task.CompletedTask;
    private int _isStopping;

    private RunningNode(
        GossipOptions options,
        NodeGround ground,
        IListener? listener,
        GossipParts parts,
        NodeClock clock,
        ILogger logger)
    {
        (Options, _ground, _listener, _clock, _logger) = (options, ground, listener, clock, logger);
        Self = new(
            ground.Keys.Self, DrawNumber(), options.Network,
            options.Advertise ?? listener?.Address ?? "");
        Audience = new(
            options.Sizes.EventsMax, new(Self.Did, clock.Now.UnixMilliseconds));
        _switchboard = new(
            ground.Store, options, clock, Audience, Topics, logger,
            hooks => parts.Runtime.Supervise(
                new(options, clock, Audience.Board, hooks, logger)));
        Publishing = new(Supervisor, Audience, options, clock.Time);
        Actors = new(this);
        Replacement = new(this, ground.NextKey);
        Trust = new(this, parts.Trust);
        _links = new(
            ground.Transport, Self, options, _switchboard, Topics, Audience.Board.Standings,
            clock, logger);
        Operator = new(this, Supervisor, Audience.Board.Standings);
        _switchboard.Links = _links;
        Limits = new(options, Audience, _links, Publishing, Supervisor, listener);
    }

    public GossipOptions Options { get; }

    public Self Self { get; }

    public IEntryStore Store => _ground.Store;

    public Audience Audience { get; }

    public Publishing Publishing { get; }

    public TopicActors Actors { get; }

    public KeyReplacement Replacement { get; }

    public NodeTrust Trust { get; }

    public Operator Operator { get; }

    public LimitBook Limits { get; }

    public TimeProvider Time => _clock.Time;

    public Moment Now => _clock.Now;

    public ILogger Logger => _logger;

    public TopicSet Topics { get; } = new();

    private Supervisor Supervisor => _switchboard.Supervisor;

    private bool IsStopping => Volatile.Read(ref _isStopping) != 0;

    public static async Task<RunningNode> StartAsync(
        GossipOptions options,
        GossipParts parts,
        ILoggerFactory logs,
        TimeProvider time,
        CancellationToken stop)
    {
        var logger = logs.CreateLogger("Gossip");
        var ground = await NodeGround.PrepareAsync(options, parts, logger, time, stop)
            .ConfigureAwait(false);
        RunningNode? node = null;
        try
        {
            var listener = options.Listen is { } address
                ? await ground.ListenAsync(address, stop).ConfigureAwait(false)
                : null;
            node = new RunningNode(
                options, ground, listener, parts, new(time), logger);
            await node.BeginAsync(stop).ConfigureAwait(false);
            if (node.Replacement.IsUnfinished)
            {
                await node.Replacement.RunAsync(stop).ConfigureAwait(false);
            }

            return node;
        }
        catch (Exception e)
        {
            IAsyncDisposable begun = node is null ? ground : node;
            await begun.DisposeAsync().ConfigureAwait(false);
            if (e is StoreException)
            {
                throw Reasons.Of(e);
            }

            throw;
        }
    }

    public async Task<bool> JoinAsync(TopicRef topic, Batch? first, CancellationToken stop)
    {
        await DoAsync(store => store.JoinAsync(topic, first, stop)).ConfigureAwait(false);
        return await Topics.AddAsync(topic, () => CarryAsync(topic)).ConfigureAwait(false);
    }

    /// <summary>A topic that this node owns: its first entry names it.</summary>
    public async Task<TopicRef> CreateAsync(
        string label, PolicyTerms terms, long entriesMax, CancellationToken stop)
    {
        ThrowIfStopping();
        Publishing.ThrowIfClosed();
        var name = TopicName.Of(label, Self.Did);
        if (Topics.All.Any(t => t.Name == name))
        {
            throw new GossipException(
                "topic-exists", $"This node already owns a topic '{label}': take another label.");
        }

        var (topic, first) = Founding.Of(
            Self, _ground.Keys, DrawNumber(), new(label, terms, entriesMax),
            Time.GetUtcNow().ToUnixTimeMilliseconds());
        await JoinAsync(topic, first, stop).ConfigureAwait(false);
        return topic;
    }

    public async Task<ImmutableArray<SyncResult>> SyncAsync(Did? peer, CancellationToken stop)
    {
        ThrowIfStopping();
        var (call, answer) = Audience.Calls.Sync();
        Supervisor.Tell(new Signal.SyncAsked(call, peer));
        return await answer.WaitAsync(stop).ConfigureAwait(false);
    }

    /// <summary>A question to the store; its faults come back as a code and what to do.</summary>
    public async Task<T> AskAsync<T>(Func<IEntryStore, Task<T>> ask)
    {
        ThrowIfStopping();
        try
        {
            return await ask(Store).ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            ThrowIfStopping();
            throw Reasons.Of(e);
        }
    }

    /// <summary>As <see cref="AskAsync{T}"/>, where there is nothing to answer.</summary>
    public async Task DoAsync(Func<IEntryStore, Task> work) => await AskAsync(async store =>
    {
        await work(store).ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    /// <summary>Within the stop timeout: answers first, then goodbyes, then the ground.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isStopping, 1) != 0)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(Options.Times.StopTimeout, _clock.Time);
        await Actors.StopAsync(Options.Times.StopTimeout / 2).ConfigureAwait(false);
        await Trust.StopAsync().ConfigureAwait(false);
        Publishing.Close();
        await _accepting.CancelAsync().ConfigureAwait(false);
        await _accept.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_listener is not null)
        {
            await _listener.DisposeAsync().ConfigureAwait(false);
        }

        await Audience.Calls.IdleAsync(deadline.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Supervisor.TellAll(m => m is MachineId.Session, new Signal.Stopping());
        await _links.DrainAsync().WaitAsync(deadline.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Supervisor.DisposeAsync().ConfigureAwait(false);
        await _links.DrainAsync().ConfigureAwait(false);
        Audience.Dismiss();
        await _ground.DisposeAsync().ConfigureAwait(false);
        _logger.NodeStopped(deadline.IsCancellationRequested ? "at the deadline" : "in order");
        _accepting.Dispose();
    }

    private async Task BeginAsync(CancellationToken stop)
    {
        await Supervisor.SpawnAsync(MachineId.Trust, (_, _) => Operator.CreateMachineAsync())
            .ConfigureAwait(false);
        await SpawnAsync(
            MachineId.Ledger, () => new ClockLedger(Self, Options)).ConfigureAwait(false);
        await SpawnAsync(
            MachineId.Rounds, () => new AntiEntropy(Options, DrawRandom())).ConfigureAwait(false);
        await SpawnAsync(MachineId.Shelves, () => new Retention(Options)).ConfigureAwait(false);
        var remembered = await Store.TopicsAsync(stop).ConfigureAwait(false);
        foreach (var topic in remembered.Concat(Options.Topics).Concat(Trust.Topics).Distinct())
        {
            await JoinAsync(topic, null, stop).ConfigureAwait(false);
        }

        // Last, because it dials: whoever answers finds every topic here.
        await SpawnAsync(
            MachineId.Book,
            () => new PeerBook(Self, Options, DrawRandom(), [.. Operator.Discovered]))
            .ConfigureAwait(false);
        if (_listener is not null)
        {
            _accept = _links.AcceptAsync(_listener, _accepting.Token);
        }

        Trust.KeepGates();
        _logger.NodeStarted(Self.Did.ToString(), Self.ListenAddress, Store.Description);
    }

    private Task SpawnAsync(MachineId id, Func<IMachine> create) =>
        Supervisor.SpawnAsync(id, (_, _) => Task.FromResult(create()));

    private async Task CarryAsync(TopicRef topic)
    {
        await Supervisor
            .SpawnAsync(
                new MachineId.Topic(topic.Id),
                (generation, fault) => CreateTopicAsync(topic, generation, fault))
            .ConfigureAwait(false);
        Trust.Notice(topic.Name);
    }

    /// <summary>
    /// From the store alone. After a commit that may have happened: a new incarnation.
    /// </summary>
    private async Task<IMachine> CreateTopicAsync(
        TopicRef topic, long generation, Exception? lastFault)
    {
        var record = await Store.LoadAsync(topic, generation, Supervisor.Stopping)
            .ConfigureAwait(false);
        if (lastFault is StoreException { OutcomeUnknown: true })
        {
            _uncertain[record.Topic] = true;
        }

        // Once a commit may or may not have happened, no number after it is safe.
        if (_uncertain.ContainsKey(record.Topic))
        {
            record = record with { OwnIncarnation = null };
        }

        Supervisor.Tell(new Signal.TopicCarried(record.Topic, record.Name));
        return new TopicReplica(record, Self, _ground.Keys, Options, DrawNumber);
    }

    private void ThrowIfStopping()
    {
        if (IsStopping)
        {
            throw Reasons.Stopped;
        }
    }

    private static ulong DrawNumber() =>
        BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    private static Random DrawRandom() => new(RandomNumberGenerator.GetInt32(int.MaxValue));
}
