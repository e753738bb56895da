using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Microsoft.Data.Sqlite;

namespace Gossip.Tests.Storage;

public sealed class SqliteFaultTests : SqliteTestBase
{
    [Fact]
    public async Task A_store_locked_by_another_program_says_so_and_goes_on_when_it_is_free()
    {
        await using var store = await OpenAsync();
        using (var other = SqliteSession.OpenWriter(DbFile))
        {
            other.Run("BEGIN IMMEDIATE");
            await FailsAsync(store, Log.Append(1, 1), StoreFault.Locked, "another program");
            await OpeningFailsAsync(StoreFault.Locked);
        }

        await store.CommitAsync(Log.Append(1, 1), 1, Go);
        Assert.Null(store.Fault);
    }

    [Fact]
    public async Task A_full_disk_rolls_back_and_the_store_recovers_when_space_returns()
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Log.Append(1, 3, position: 1), 1, Go);
        await ExecuteAsync(store, "PRAGMA max_page_count=1");
        Log.PayloadBytes = 300_000;
        await FailsAsync(store, Log.Append(4, 5, position: 4), StoreFault.Full, "Free space");
        Assert.Equal(3, (await store.StatisticsAsync(Log.Topic, Go)).Entries);
        await ExecuteAsync(store, "PRAGMA max_page_count=1000000");
        await store.CommitAsync(Log.Append(4, 5, position: 4), 1, Go);
        Assert.Null(store.Fault);
        Assert.Equal(5, (await store.LoadAsync(Topic, 2, Go)).Position);
        Assert.Equal(
            5, (await store.ReadDeliveredAsync(Log.Topic, 0, 9, int.MaxValue, Go)).Length);
    }

    [Fact]
    public async Task A_read_only_store_says_so()
    {
        await using var store = await OpenAsync();
        await ExecuteAsync(store, "PRAGMA query_only=1");
        await FailsAsync(store, Log.Append(1, 1), StoreFault.ReadOnly, "permissions");
    }

    [Fact]
    public async Task A_directory_that_takes_no_files_says_so() =>
        await OpeningFailsAsync(StoreFault.ReadOnly, "/proc/self");

    [Fact]
    public async Task A_commit_whose_outcome_is_unknown_ends_writing_but_not_reading()
    {
        var store = await OpenAsync();
        await store.CommitAsync(Log.Append(1, 2), 1, Go);
        store.Writer.Committing = () => throw new SqliteException("disk I/O error", 10, 1034);
        var failure = await FailsAsync(store, Log.Append(3, 3), StoreFault.Io, "restart");
        Assert.True(failure.OutcomeUnknown);
        store.Writer.Committing = null;
        failure = await FailsAsync(store, Log.Append(3, 3), StoreFault.Io, "restart");
        Assert.False(failure.OutcomeUnknown);
        Assert.Equal(2, Assert.Single((await store.LoadAsync(Topic, 2, Go)).Logs).Head);
        await store.DisposeAsync();

        // The log that follows is a new incarnation: a slot may have been used without our knowing.
        await using var next = await OpenAsync();
        Assert.NotNull(next.MovedReason);
        await next.CommitAsync(Log.Append(3, 3), 1, Go);
    }

    [Fact]
    public async Task What_waits_shares_one_transaction_and_a_bad_batch_fails_alone()
    {
        await using var store = await OpenAsync();
        var commits = 0;
        store.Writer.Committing = () => commits++;
        using var gate = new ManualResetEventSlim();
        var held = store.Writer.WithAsync((_, _) => gate.Wait(TimeSpan.FromSeconds(30)), Go);
        var good = Enumerable.Range(1, 9)
            .Select(n => store.CommitAsync(new TestLog(Topic, (byte)n).Append(1, 2), 1, Go))
            .ToList();
        var bad = store.CommitAsync(new TestLog(Topic, 3).Append(2, 4), 1, Go);
        var after = store.CommitAsync(new TestLog(Topic, 3).Append(3, 3), 1, Go);
        gate.Set();
        Assert.True(await held);
        await Task.WhenAll([.. good, after]);
        await Assert.ThrowsAsync<InvariantException>(() => bad);
        Assert.Equal(1, commits);
        Assert.Equal(19, (await store.StatisticsAsync(Log.Topic, Go)).Entries);
        Assert.Null(store.Fault);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = await OpenAsync();
        await store.DisposeAsync();
        await store.DisposeAsync();
        await FailsAsync(store, Log.Append(1, 1), StoreFault.Closed, "closed", isFault: false);
        var failure = await Assert.ThrowsAsync<StoreException>(() => store.TopicsAsync(Go));
        Assert.Equal(StoreFault.Closed, failure.Fault);
    }

    [Fact]
    public async Task The_description_names_the_file_and_the_library()
    {
        await using var store = await OpenAsync();
        Assert.StartsWith($"{DbFile}, SQLite 3.", store.Description, StringComparison.Ordinal);
        Assert.EndsWith(")", store.Description, StringComparison.Ordinal);
    }

    private static async Task<StoreException> FailsAsync(
        SqliteStore store, Batch batch, StoreFault fault, string advice, bool isFault = true)
    {
        var failure = await Assert.ThrowsAsync<StoreException>(
            () => store.CommitAsync(batch, 1, Go));
        Assert.Equal(fault, failure.Fault);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
        Assert.Equal(isFault ? failure.Message : null, store.Fault);
        return failure;
    }
}
