using Akka.Actor;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Akka.Persistence;
using Gossip.Tests.Storage;

namespace Gossip.Akka.Tests.Persistence;

/// <summary>What a new actor system finds in an old journal.</summary>
public sealed class JournalRecoveryTests : JournalTestBase
{
    private static readonly JournalOptions Often = new() { SummaryEvery = 4 };

    [Fact]
    public async Task The_journal_alone_gives_the_same_as_with_its_snapshots()
    {
        var before = await FillAsync();
        Assert.NotEqual(0L, Query<long>("SELECT count(*) FROM snapshot"));
        await using (var store = await OpenAsync(Often))
        {
            Assert.Equal(before, await DescribeAsync(store, Log, 9));

            // While it is open: a file that changed since it was closed is another's.
            Edit("DELETE FROM snapshot");
        }

        await using var alone = await OpenAsync(Often);
        Assert.Equal(before, await DescribeAsync(alone, Log, 9));
    }

    /// <summary>The last write begins a summary: nobody may find the file changed after it.
    /// </summary>
    [Fact]
    public async Task Closing_waits_for_the_summary_that_is_on_its_way()
    {
        for (var round = 1; round <= 5; round++)
        {
            await using (var store = await OpenAsync(new() { SummaryEvery = 1 }))
            {
                Assert.Null(store.MovedReason);
                await store.WriteReaderAsync(
                    Log.Topic, new(ReaderKind.Subscription, "one", round), Go);
            }

            // Beside it, the plugin keeps the last deleted event for its number.
            Assert.Equal(1L, Query<long>($"SELECT count(*) FROM snapshot WHERE {ReaderRows}"));
            Assert.Equal(2L, Query<long>($"SELECT count(*) FROM journal WHERE {ReaderRows}"));
        }
    }

    [Fact]
    public async Task What_readers_replace_does_not_pile_up()
    {
        await using var store = await OpenAsync(Often);
        for (var position = 1; position <= 40; position++)
        {
            await store.WriteReaderAsync(
                Log.Topic, new(ReaderKind.Subscription, "one", position), Go);
        }

        // Cutting follows writing, some steps behind.
        Assert.True(SpinWait.SpinUntil(
            () => Query<long>($"SELECT count(*) FROM journal WHERE {ReaderRows}") <= 6
                && Query<long>($"SELECT count(*) FROM snapshot WHERE {ReaderRows}") == 1,
            30_000));
    }

    [Fact]
    public async Task It_can_be_opened_again_in_the_same_actor_system()
    {
        var system = ActorSystem.Create("again", JournalConfig.Sqlite(Directory));
        for (var seq = 1; seq <= 3; seq++)
        {
            await using var store = await JournalStore.OpenAsync(system, null, Go);
            await store.JoinAsync(Topic, null, Go);
            await store.CommitAsync(Log.Append(seq, seq, seq), 1, Go);
            Assert.Equal(seq, (await store.StatisticsAsync(Log.Topic, Go)).Entries);
        }

        await system.Terminate();
    }

    [Fact]
    public async Task An_event_of_an_unknown_kind_is_said_to_be_so_and_nothing_is_tried_again()
    {
        await FillAsync();
        Edit($"UPDATE journal SET manifest = 'commit/9' WHERE {TopicRows} "
            + "AND sequence_number = 2");
        var failure = await Assert.ThrowsAsync<StoreException>(() => OpenAsync());
        Assert.Equal(StoreFault.Newer, failure.Fault);
        Assert.Contains("'commit/9'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_event_is_said_to_be_so()
    {
        await FillAsync();
        Edit($"UPDATE journal SET message = x'0a03ffffff' WHERE {TopicRows} "
            + "AND sequence_number = 2");
        var failure = await Assert.ThrowsAsync<StoreException>(() => OpenAsync());
        Assert.Equal(StoreFault.Corrupt, failure.Fault);
        Assert.Contains(File, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Islands, two closures, an erasure, many acknowledgements and a ban.</summary>
    private async Task<string[]> FillAsync()
    {
        await using var store = await OpenAsync(Often);
        var (other, id) = (new TestLog(Topic, 2), Log.Topic);
        await CommitAsync(Log.Append(1, 5, 1) with { OwnIncarnation = 7 });
        await CommitAsync(Log.Batch(Log[9], Log[7]));
        await CommitAsync(other.Append(1, 4, 6));
        await CommitAsync(other.Batch() with { Logs = [other.Record(3, 3, other.ClosedAt(4))] });
        await CommitAsync(other.Batch() with
        {
            Logs = [other.Record(1, 1, other.ClosedAt(4)) with { PolicyEnd = 2 }],
        });
        var erasure = new Erasure(
            Log[2].Dot, Log[2].Id, Log.Id.Author, new byte[SignedHeader.SignatureBytes]);
        await CommitAsync(Log.Batch() with { Erasures = [erasure], Erased = [erasure] });
        for (var position = 1; position <= 21; position++)
        {
            var name = position % 2 == 0 ? "even" : "odd";
            await store.WriteReaderAsync(id, new(ReaderKind.Subscription, name, position), Go);
        }

        await store.RemoveReaderAsync(id, ReaderKind.Subscription, "even", Go);
        await store.WriteExclusionAsync(
            new(Log.Id.Author, ExclusionKind.Ban, "why", 1, 2), Go);
        return await DescribeAsync(store, Log, 2);

        Task CommitAsync(Batch batch) => store.CommitAsync(batch, 1, Go);
    }
}
