using System.Reflection;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Storage;
using Gossip.Actors.Trust;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Tests.Nodes;

/// <summary>Is a topic carried when the task that joins it has ended?</summary>
public sealed class JoinTests
{
    [Fact]
    public async Task Whoever_joins_while_the_topic_is_loaded_waits_until_it_is_carried()
    {
        var store = DispatchProxy.Create<IEntryStore, SlowStore>();
        var loading = (SlowStore)store;
        await using var node = await GossipNode.StartAsync(
            new() { Network = "test", Listen = null },
            new() { Store = store, Keys = EcKeys.Generate() },
            NullLoggerFactory.Instance,
            TimeProvider.System,
            CancellationToken.None);

        var first = node.JoinAsync(SystemTopic.Trust, CancellationToken.None);
        await loading.Begun;
        var second = node.JoinAsync(SystemTopic.Trust, CancellationToken.None);
        var isEarly = second.IsCompleted;

        loading.End();
        Assert.False(isEarly);
        Assert.True(await first);
        Assert.False(await second);
        Assert.Equal(
            Score.Zero,
            (await node.TrustOfAsync(node.Did, EcKeys.Generate().Self, CancellationToken.None))
                .Score);
    }

    /// <summary>A store in memory whose topics load when the test says so.</summary>
    public class SlowStore : DispatchProxy
    {
        private readonly MemoryStore _store = new();
        private readonly TaskCompletionSource _begun = new();
        private readonly TaskCompletionSource _end = new();

        public Task Begun => _begun.Task;

        public void End() => _end.SetResult();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IEntryStore.LoadAsync)
                ? LoadAsync(args!)
                : targetMethod.Invoke(_store, args);

        private async Task<TopicRecord> LoadAsync(object?[] arguments)
        {
            _begun.TrySetResult();
            await _end.Task;
            return await _store.LoadAsync(
                (TopicRef)arguments[0]!, (long)arguments[1]!, (CancellationToken)arguments[2]!);
        }
    }
}
