using Akka.Actor;
using Akka.Cluster;
using Gossip.Actors;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Runtime;
using Gossip.Actors.Storage;
using Gossip.Actors.Transport;
using Gossip.Akka.Actors;
using Gossip.Akka.Persistence;
using Gossip.Akka.Remoting;
using Microsoft.Extensions.Logging;
using AkkaAddress = Akka.Actor.Address;

namespace Gossip.Akka;

/// <summary>
/// Akka.NET under one node: an actor system, its own or given, whose actors run the machines, whose
/// remoting carries the frames, whose journal keeps the entries, and whose cluster names the peers.
/// </summary>
internal sealed class AkkaRuntime : INodeRuntime
{
    /// <summary>A leave is told to all; whoever cannot be reached must not hold it up.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(3);

    private readonly GossipOptions _options;
    private readonly string _akka;
    private readonly bool _isOwn;
    private readonly List<IActorRef> _beside = [];
    private ActorSystem? _system;

    /// <summary>A system of its own, with these settings under akka { … }.</summary>
    public AkkaRuntime(GossipOptions options, string akka) =>
        (_options, _akka, _isOwn) = (options, akka, true);

    /// <summary>A system that goes on when the node has ended.</summary>
    public AkkaRuntime(GossipOptions options, ActorSystem system) =>
        (_options, _akka, _system) = (options, "", system);

    private ActorSystem System =>
        _system ?? throw new InvalidOperationException("A node opens its store first.");

    /// <summary>First of all: the system starts where the data directory is held.</summary>
    public async Task<IEntryStore> OpenStoreAsync(
        string? directory, ILogger logger, TimeProvider time, CancellationToken stop)
    {
        _system ??= AkkaSystem.Create(_options, directory, _akka);
        _beside.Add(_system.ActorOf(AkkaLog.Of(logger), "gossip-log"));
        StayUp.Guard(_system);
        if (directory is null)
        {
            return new MemoryStore();
        }

        var store = await JournalStore.OpenAsync(_system, null, stop).ConfigureAwait(false);
        if (store.MovedReason is { } reason)
        {
            logger.StoreMoved(reason);
        }

        return store;
    }

    public ITransport Transport(EcKeys keys, GossipOptions options, TimeProvider time) =>
        new RemoteTransport(System, keys, options.Times, options.Sizes, time);

    public Supervisor Supervise(RuntimeGround ground) =>
        new AkkaSupervisor(System, "gossip", ground);

    /// <summary>
    /// Joins the cluster: by what the configuration says, or else where the node bootstraps. Who
    /// bootstraps from nobody is the first.
    /// </summary>
    public void Begin(GossipNode node)
    {
        _beside.Add(System.ActorOf(
            ClusterPeers.Of(node, AkkaSystem.Role), "gossip-cluster"));
        var cluster = Cluster.Get(System);
        if (cluster.Settings.SeedNodes.IsEmpty)
        {
            AkkaAddress[] seeds =
            [
                .. _options.Bootstrap.Select(Gossip.Actors.Transport.Address.Parse)
                    .Select(a => cluster.SelfAddress.WithHost(a.Host).WithPort(a.Port)),
            ];
            cluster.JoinSeedNodes(seeds.Length > 0 ? seeds : [cluster.SelfAddress]);
        }
    }

    /// <summary>
    /// Leaves the cluster, if that can be told to others in time, and ends the system. Not by a
    /// coordinated shutdown: a system has one in its life, and a peer may have spent it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_system is null)
        {
            return;
        }

        _beside.ForEach(_system.Stop);
        if (!_isOwn)
        {
            return;
        }

        using var late = new CancellationTokenSource(LeaveTimeout);
        await Cluster.Get(_system).LeaveAsync(late.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _system.Terminate().ConfigureAwait(false);
    }
}
