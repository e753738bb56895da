using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

/// <summary>This part: publish keys, subscriptions and topic actors.</summary>
public abstract partial class StoreContract
{
    [Fact]
    [Row("G12")]
    public async Task A_key_is_found_once_its_batch_is_committed_and_after_a_restart()
    {
        var key = new PublishKey("order-1");
        var place = new Publication(_log[2].Id, _log[2].Dot, 3, 2, 2);
        Assert.Null(await Store.FindKeyAsync(Id, key, Go));

        await CommitAsync(_log.Append(1, 2, position: 1) with { Keys = [new(key, place)] });
        Assert.Equal(place, await Store.FindKeyAsync(Id, key, Go));
        Assert.Equal([3, 4], place.Receipts.Select(r => r.Index));
        Assert.Null(await Store.FindKeyAsync(Id, new("order-2"), Go));
        Assert.Null(await Store.FindKeyAsync(TopicId.OfPublic(new("other")), key, Go));

        Store = await ReopenAsync(Store);
        Assert.Equal(place, await Store.FindKeyAsync(Id, key, Go));
    }

    [Fact]
    [Row("G12")]
    public async Task A_key_that_is_used_twice_is_a_bug_and_changes_nothing()
    {
        var key = new PublishKey("order-1");
        var place = new Publication(_log[1].Id, _log[1].Dot, 0, 1, 1);
        await CommitAsync(_log.Append(1, 1, position: 1) with { Keys = [new(key, place)] });
        await Assert.ThrowsAsync<InvariantException>(() => CommitAsync(
            _log.Append(2, 2, position: 2) with { Keys = [new(key, place)] }));
        Assert.Equal(1, Assert.Single((await LoadAsync()).Logs).Head);
        Assert.Null(await Store.FindAsync(_log[2].Id, Go));
    }

    [Fact]
    [Row("G13")]
    public async Task Readers_are_kept_by_kind_and_name_and_replaced_as_a_whole()
    {
        var actor = new ReaderRecord(ReaderKind.Actor, "sum", 7)
        {
            Snapshot = new byte[] { 1, 2, 3 },
            TakenBack = 4,
            Skipped = [3, 5],
        };
        await Store.WriteReaderAsync(Id, new(ReaderKind.Subscription, "zoo", 1), Go);
        await Store.WriteReaderAsync(Id, new(ReaderKind.Subscription, "bar", 9), Go);
        await Store.WriteReaderAsync(Id, new(ReaderKind.Subscription, "zoo", 2), Go);
        await Store.WriteReaderAsync(Id, actor, Go);

        Store = await ReopenAsync(Store);
        var subscriptions = await Store.ReadersAsync(Id, ReaderKind.Subscription, Go);
        Assert.Equal([("bar", 9L), ("zoo", 2)], subscriptions.Select(r => (r.Name, r.Position)));
        var read = Assert.Single(await Store.ReadersAsync(Id, ReaderKind.Actor, Go));
        Assert.Equal(("sum", 7L, 4L), (read.Name, read.Position, read.TakenBack));
        Assert.Equal([1, 2, 3], read.Snapshot!.Value.ToArray());
        Assert.Equal([3L, 5], read.Skipped.AsEnumerable());

        await Store.RemoveReaderAsync(Id, ReaderKind.Subscription, "zoo", Go);
        await Store.RemoveReaderAsync(Id, ReaderKind.Subscription, "nobody", Go);
        await Store.WriteReaderAsync(Id, actor with { Snapshot = null, Skipped = [] }, Go);
        Assert.Equal("bar", Assert.Single(
            await Store.ReadersAsync(Id, ReaderKind.Subscription, Go)).Name);
        Assert.Null(Assert.Single(await Store.ReadersAsync(Id, ReaderKind.Actor, Go)).Snapshot);
    }

    [Fact]
    [Row("G1")]
    public async Task What_a_closure_takes_back_is_counted_once_for_those_who_saw_it()
    {
        await CommitAsync(_log.Append(1, 4, position: 1));
        Assert.Equal(0, await Store.TakenBackAsync(Id, Go));
        await CommitAsync(_log.Batch() with { Logs = [_log.Record(3, 3, _log.ClosedAt(4))] });
        Assert.Equal(1, await Store.TakenBackAsync(Id, Go));

        // Nothing that was delivered: another log closes where nothing lies.
        var other = new TestLog(Topic, 2);
        await CommitAsync(other.Batch() with { Logs = [other.Record(0, 0, other.ClosedAt(1))] });
        Store = await ReopenAsync(Store);
        Assert.Equal(1, await Store.TakenBackAsync(Id, Go));
    }
}
