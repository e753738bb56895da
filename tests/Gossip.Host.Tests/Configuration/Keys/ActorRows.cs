using System.Reflection;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Host.Configuration;
using Gossip.Tests.Nodes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Host.Tests.Configuration.Keys;

/// <summary>Keys that topic actors live by, seen in what becomes of one.</summary>
internal static class ActorRows
{
    public static readonly KeyRow[] All =
    [
        new("sizes.actor-failures-max", "1", "parked after 1", s => WithActorAsync(
            s, new() { Throws = true }, new(),
            actor => actor.State == TopicActorState.Parked,
            actor => $"parked after {actor.Failures}")),
        new("sizes.actor-snapshot-every", "2", "2 snapshots", s =>
        {
            var life = new Life();
            return WithActorAsync(
                s, life, new(), actor => actor.Position == 5, _ => $"{life.Snapshots} snapshots");
        }),
        new("sizes.actor-snapshot-bytes-max", "1 KiB", "not kept", async s =>
        {
            var store = new MemoryStore();
            var sizes = s.Options.Sizes with { ActorSnapshotEvery = 1 };
            await WithActorAsync(
                s with { Options = s.Options with { Sizes = sizes } },
                new(), new(store), actor => actor.Position == 5, _ => "");
            var kept = await store.ReadersAsync(
                TopicId.OfPublic(Cluster.Topic), ReaderKind.Actor, default);
            return kept.IsEmpty ? "not kept" : "kept";
        }),
        new("times.actor-retry", "77 ms", "waits 77 ms", async s =>
        {
            var time = new Bench.RecordingTime();
            var store = DispatchProxy.Create<IEntryStore, Forgetful>();
            await WithActorAsync(
                s, new(), new Parts(store, time),
                actor => actor.State == TopicActorState.Restarting
                    && (time.Saw(TimeSpan.FromMilliseconds(77))
                        || time.Saw(new GossipTimes().ActorRetry)),
                _ => "");
            return time.Saw(TimeSpan.FromMilliseconds(77)) ? "waits 77 ms" : "waits otherwise";
        }),
    ];

    /// <summary>
    /// A node, an actor on its topic, five entries; then what one sees of the actor.
    /// </summary>
    private static async Task<string> WithActorAsync(
        Settings s, Life life, Parts parts,
        Func<TopicActorStatus, bool> isReady, Func<TopicActorStatus, string> observe)
    {
        await using var node = await GossipNode.StartAsync(
            s.Options, new GossipParts { Store = parts.Store }, NullLoggerFactory.Instance,
            parts.Time ?? TimeProvider.System, default);
        for (var i = 0; i < 5; i++)
        {
            await Cluster.PublishAsync(node, $"{i}");
        }

        await node.AttachAsync(Cluster.Topic, "actor", () => new Actor(life), default);
        await Cluster.UntilAsync(
            () => Task.FromResult(isReady(node.Actors()[0])), () => $"{node.Actors()[0]}");
        return observe(node.Actors()[0]);
    }

    private sealed record Parts(IEntryStore? Store = null, TimeProvider? Time = null);

    private sealed class Life
    {
        public bool Throws { get; init; }

        public int Snapshots { get; set; }
    }

    private sealed class Actor(Life life) : TopicActor
    {
        public override Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop) =>
            life.Throws ? throw new FormatException("on purpose") : Task.CompletedTask;

        public override ReadOnlyMemory<byte>? Snapshot()
        {
            life.Snapshots++;
            return new byte[2048];
        }
    }

    /// <summary>A store that cannot say where readers stand.</summary>
#pragma warning disable CA1852 // A proxy is a subtype, made at run time.
    internal class Forgetful : DispatchProxy
#pragma warning restore CA1852
    {
        private readonly MemoryStore _store = new();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IEntryStore.FindReaderAsync)
                ? Task.FromException<ReaderRecord?>(
                    new StoreException(StoreFault.Io, "on purpose"))
                : targetMethod.Invoke(_store, args);
    }
}
