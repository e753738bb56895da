using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Akka.Persistence;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Commit = Gossip.Akka.Persistence.Proto.Commit;

namespace Gossip.Akka.Tests.Persistence;

/// <summary>What is read from the journal's table, and what is kept of it in memory.</summary>
public sealed class JournalReadTests : JournalTestBase
{
    private static readonly JournalOptions Nothing = new() { RecentBytesMax = 0 };

    [Fact]
    public async Task Memory_does_not_follow_the_bytes_of_payloads()
    {
        var options = new JournalOptions { RecentBytesMax = 100_000 };
        Log.PayloadBytes = 30_000;
        await using (var store = await OpenAsync(options))
        {
            for (var seq = 1; seq <= 30; seq++)
            {
                await store.CommitAsync(Log.Append(seq, seq, seq), 1, Go);
                Assert.InRange(store.RecentBytes, Math.Min(seq, 3) * 30_000, 100_000);
            }

            await ExpectAllAsync(store, 30);
            Assert.InRange(store.RecentBytes, 90_000, 100_000);
        }

        await using var reopened = await OpenAsync(options);
        Assert.Equal(0, reopened.RecentBytes);
        await ExpectAllAsync(reopened, 30);
        Assert.InRange(reopened.RecentBytes, 90_000, 100_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task A_restart_finds_every_byte_again(long recentBytesMax)
    {
        var options = new JournalOptions { RecentBytesMax = recentBytesMax };
        await using (var store = await OpenAsync(options))
        {
            await store.CommitAsync(Log.Append(1, 4, 1), 1, Go);
            await store.CommitAsync(Log.Append(5, 6, 5), 1, Go);
            await store.CommitAsync(Log.Batch(Log[10], Log[9]), 1, Go);
            await ExpectAllAsync(store, 6);
        }

        await using var reopened = await OpenAsync(options);
        await ExpectAllAsync(reopened, 6);
        var islands = await reopened.ReadAsync(Log.Topic, Log.Id, new(7, 10), 9, 9999, Go);
        Assert.Equal([9L, 10], islands.Select(e => e.Header.Seq));
        var headers = await reopened.ReadHeadersAsync(Log.Topic, Log.Id, new(4, 8), 3, Go);
        Assert.Equal([4L, 5, 6], headers.Select(h => h.Header.Seq));
        await reopened.CommitAsync(Log.Append(7, 7, 7), 1, Go);
        Assert.Equal(Log[7].PayloadList.ToArray(),
            (await reopened.FindAsync(Log[7].Id, Go))!.PayloadList.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task Erased_payloads_are_read_no_more_not_even_from_a_row_that_has_them(
        long recentBytesMax)
    {
        var options = new JournalOptions { RecentBytesMax = recentBytesMax };
        await using var store = await OpenAsync(options);
        await store.CommitAsync(Log.Append(1, 3, 1), 1, Go);
        var hex = Query<string>($"SELECT hex(message) FROM journal WHERE {TopicRows}");
        var erasure = new Erasure(
            Log[2].Dot, Log[2].Id, Log.Id.Author, new byte[SignedHeader.SignatureBytes]);
        await store.CommitAsync(
            Log.Batch() with { Erasures = [erasure], Erased = [erasure] }, 1, Go);
        Assert.Equal(0, store.RecentBytes);
        await ExpectAsync();

        // As between the commit of an erasure and the change of the row.
        Edit($"UPDATE journal SET message = x'{hex}' WHERE {TopicRows} AND sequence_number = 1");
        await ExpectAsync();

        async Task ExpectAsync()
        {
            var read = await store.ReadAsync(Log.Topic, Log.Id, new(1, 3), 9, 9999, Go);
            Assert.Equal([false, true, false], read.Select(e => e.IsErased));
            Assert.Equal(erasure.ToForm(), read[1].PayloadList.ToArray());
            Assert.Equal(Log[3].PayloadList.ToArray(), read[2].PayloadList.ToArray());
            Assert.True((await store.FindAsync(Log[2].Id, Go))!.IsErased);
        }
    }

    /// <summary>As a page is that was looked up before retention forgot some of it.</summary>
    [Fact]
    public async Task What_is_forgotten_while_it_is_read_is_left_out()
    {
        await using var store = await OpenAsync(Nothing);
        await store.CommitAsync(Log.Append(1, 3, 1), 1, Go);
        var stored = Commit.Parser.ParseFrom(
            Query<byte[]>($"SELECT message FROM journal WHERE {TopicRows}"));
        stored.Entries[1].Payloads = ByteString.Empty;
        Edit($"UPDATE journal SET message = x'{Convert.ToHexString(stored.ToByteArray())}' "
            + $"WHERE {TopicRows}");
        var read = await store.ReadAsync(Log.Topic, Log.Id, new(1, 3), 9, 9999, Go);
        Assert.Equal([1L, 3], read.Select(e => e.Header.Seq));
        var delivered = await store.ReadDeliveredAsync(Log.Topic, 0, 9, 9999, Go);
        Assert.Equal([1L, 3], delivered.Select(d => d.Position));
        Assert.Null(await store.FindAsync(Log[2].Id, Go));
    }

    [Fact]
    public async Task A_read_beside_a_commit_sees_what_is_committed_and_does_not_wait()
    {
        await using var store = await OpenAsync(Nothing);
        await store.CommitAsync(Log.Append(1, 2, 1), 1, Go);
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync();
        await using var blocking = connection.BeginTransaction();
        var commit = store.CommitAsync(Log.Append(3, 3, 3), 1, Go);
        for (var i = 0; i < 5; i++)
        {
            await ExpectAllAsync(store, 2);
            Assert.Null(await store.FindAsync(Log[3].Id, Go));
        }

        Assert.False(commit.IsCompleted);
        await blocking.RollbackAsync();
        await commit;
        await ExpectAllAsync(store, 3);
    }

    [Fact]
    public async Task Reads_beside_many_commits_see_no_hole_and_nothing_older_than_they_must()
    {
        await using var store = await OpenAsync(Nothing);
        long completed = 0;
        var writing = Task.Run(async () =>
        {
            for (var seq = 1; seq <= 100; seq++)
            {
                await store.CommitAsync(Log.Append(seq, seq, seq), 1, Go);
                Interlocked.Exchange(ref completed, seq);
            }
        });
        while (!writing.IsCompleted)
        {
            var least = Interlocked.Read(ref completed);
            var read = await store.ReadDeliveredAsync(Log.Topic, 0, 999, int.MaxValue, Go);
            Assert.InRange(read.Length, least, 100);
            Assert.All(read, (d, i) => Assert.Equal(i + 1, d.Entry.Header.Seq));
        }

        await writing;
        await ExpectAllAsync(store, 100);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_says_so_and_is_read_again_once_it_can()
    {
        await using var store = await OpenAsync(Nothing);
        await store.CommitAsync(Log.Append(1, 2, 1), 1, Go);
        Edit("ALTER TABLE journal RENAME TO elsewhere");
        var failure = await Assert.ThrowsAsync<StoreException>(() => ReadAsync(store));
        Assert.Equal(StoreFault.Io, failure.Fault);
        Assert.Contains(File, failure.Message, StringComparison.Ordinal);
        Assert.Contains("Check the disk", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.OutcomeUnknown);

        Edit("ALTER TABLE elsewhere RENAME TO journal");
        await ExpectAllAsync(store, 2);
    }

    [Theory]
    [InlineData("DELETE FROM journal")]
    [InlineData("UPDATE journal SET message = x'0a03ffffff'")]
    [InlineData("UPDATE journal SET message = x''")]
    [InlineData("UPDATE journal SET message = (SELECT message FROM journal AS other "
        + "WHERE other.sequence_number = 2 AND other.persistence_id = journal.persistence_id)")]
    public async Task An_event_that_changed_is_never_served(string damage)
    {
        await using var store = await OpenAsync(Nothing);
        await store.CommitAsync(Log.Append(1, 2, 1), 1, Go);
        await store.CommitAsync(Log.Append(3, 4, 3), 1, Go);
        Edit($"{damage} WHERE {TopicRows} AND sequence_number = 1");
        var failure = await Assert.ThrowsAsync<StoreException>(() => ReadAsync(store));
        Assert.Equal(StoreFault.Corrupt, failure.Fault);
        Assert.Contains(File, failure.Message, StringComparison.Ordinal);
        Assert.Contains("start again", failure.Message, StringComparison.Ordinal);
        Assert.Single(await store.ReadAsync(Log.Topic, Log.Id, new(3, 3), 9, 9999, Go));
    }

    [Fact]
    public async Task Once_it_is_closed_nothing_is_read()
    {
        var store = await OpenAsync(Nothing);
        await store.CommitAsync(Log.Append(1, 2, 1), 1, Go);
        await store.DisposeAsync();
        var failure = await Assert.ThrowsAsync<StoreException>(() => ReadAsync(store));
        Assert.Equal(StoreFault.Closed, failure.Fault);
    }

    private Task<ImmutableArray<Entry>> ReadAsync(JournalStore store) =>
        store.ReadAsync(Log.Topic, Log.Id, new(1, 2), 9, 9999, Go);

    /// <summary>By each way to read, and byte for byte.</summary>
    private async Task ExpectAllAsync(JournalStore store, int last)
    {
        var read = await store.ReadAsync(Log.Topic, Log.Id, new(1, last), 100, int.MaxValue, Go);
        Assert.Equal(
            Log.Range(1, last).Select(e => e.PayloadList.ToArray()),
            read.Select(e => e.PayloadList.ToArray()));
        var delivered = await store.ReadDeliveredAsync(Log.Topic, 0, 100, int.MaxValue, Go);
        Assert.Equal(read, delivered.Select(d => d.Entry));
        foreach (var entry in read)
        {
            var found = (await store.FindAsync(entry.Id, Go))!;
            Assert.Equal(
                entry.SignedHeader.HeaderBytes.ToArray(),
                found.SignedHeader.HeaderBytes.ToArray());
        }
    }
}
