using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

public sealed class MemoryStoreTests : StoreContract
{
    protected override Task<IEntryStore> CreateAsync() =>
        Task.FromResult<IEntryStore>(new MemoryStore());

    protected override async Task<IEntryStore> ReopenAsync(IEntryStore store)
    {
        await store.DisposeAsync();
        return store;
    }

    [Fact]
    public void Every_task_has_ended_when_it_is_returned()
    {
        var store = new MemoryStore();
        var topic = new TopicName("now");
        var log = new TestLog(topic, 1);
        Assert.True(store.JoinAsync(topic, null, Go).IsCompletedSuccessfully);
        Assert.True(store.LoadAsync(topic, 1, Go).IsCompletedSuccessfully);
        Assert.True(store.CommitAsync(log.Append(1, 1), 1, Go).IsCompletedSuccessfully);
        Assert.True(store.FindAsync(log[1].Id, Go).IsCompletedSuccessfully);
        Assert.True(store.CommitAsync(log.Append(1, 1), 1, Go).IsFaulted);
    }
}
