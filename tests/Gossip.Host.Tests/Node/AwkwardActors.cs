using Gossip.Actors;
using Gossip.Actors.Storage;

namespace Gossip.Host.Tests.Node;

/// <summary>What a node cannot run, however it is named.</summary>
public sealed class NoActor;

public abstract class AbstractActor : TopicActor;

public sealed class NeedyActor(string need) : TopicActor
{
    public override Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop) =>
        Task.FromResult(need);
}

public sealed class StillbornActor : TopicActor
{
    public StillbornActor() => throw new InvalidOperationException("not me");

    public override Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop) =>
        Task.CompletedTask;
}
