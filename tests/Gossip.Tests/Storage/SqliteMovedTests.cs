using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

/// <summary>
/// A copied or restored store must not author under numbers that others may know.
/// </summary>
public sealed class SqliteMovedTests : SqliteTestBase
{
    private string EpochFile => InDirectory("gossip.epoch");

    [Fact]
    public async Task An_ordinary_restart_keeps_the_incarnation()
    {
        await FillAsync(2);
        for (var i = 0; i < 3; i++)
        {
            await ExpectHomeAsync();
        }
    }

    [Fact]
    public async Task A_killed_process_keeps_the_incarnation()
    {
        await FillAsync(2);
        var killed = await OpenAsync();
        await killed.CommitAsync(Log.Append(3, 3, 3), 1, Go);
        await ExpectHomeAsync();
        await killed.DisposeAsync();
    }

    [Fact]
    public async Task A_crash_between_store_and_epoch_file_at_opening_keeps_the_incarnation()
    {
        await FillAsync(2);
        var before = await File.ReadAllTextAsync(EpochFile);
        var killed = await OpenAsync();
        await File.WriteAllTextAsync(EpochFile, before);
        await ExpectHomeAsync();
        await killed.DisposeAsync();
    }

    [Fact]
    public async Task A_copy_in_another_place_begins_a_new_incarnation()
    {
        await FillAsync(2);
        var copy = InDirectory("copy");
        System.IO.Directory.CreateDirectory(copy);
        File.Copy(DbFile, Path.Combine(copy, SqliteStore.FileName));
        File.Copy(EpochFile, Path.Combine(copy, "gossip.epoch"));
        await ExpectMovedAsync("copied", copy);
        await ExpectHomeAsync();
    }

    [Fact]
    public async Task An_older_copy_put_back_in_place_begins_a_new_incarnation()
    {
        await FillAsync(2);
        var backup = await File.ReadAllBytesAsync(DbFile);
        await ExpectHomeAsync();
        await PutBackAsync(backup);
        await ExpectMovedAsync("older copy");
    }

    [Fact]
    public async Task A_copy_taken_while_it_ran_begins_a_new_incarnation()
    {
        byte[] backup;
        await using (var store = await OpenAsync())
        {
            await store.CommitAsync(Log.Append(1, 2, 1) with { OwnIncarnation = 1 }, 1, Go);
            await ExecuteAsync(store, $"VACUUM INTO '{InDirectory("backup.db")}'");
            backup = await File.ReadAllBytesAsync(InDirectory("backup.db"));
            await store.CommitAsync(Log.Append(3, 3, 3), 1, Go);
        }

        await PutBackAsync(backup);
        await ExpectMovedAsync("older copy");
    }

    /// <summary>
    /// Store and epoch file put back together, into the very files: only their time tells.
    /// </summary>
    [Fact]
    [Row("G6")]
    public async Task An_older_directory_put_back_over_a_newer_one_begins_a_new_incarnation()
    {
        await FillAsync(2);
        var (store, epoch) = (await File.ReadAllBytesAsync(DbFile), File.ReadAllBytes(EpochFile));
        await ExpectHomeAsync();
        await PutBackAsync(store);
        await File.WriteAllBytesAsync(EpochFile, epoch);
        await ExpectMovedAsync("put back");
    }

    [Theory]
    [InlineData("UPDATE meta SET value = 'other' WHERE key = 'machine'", "another machine")]
    [InlineData("UPDATE meta SET value = '1' WHERE key = 'inode'", "another place")]
    [InlineData("UPDATE meta SET value = 'no' WHERE key = 'closed'", "write-ahead log")]
    public async Task Whatever_differs_begins_a_new_incarnation(string change, string reason)
    {
        await FillAsync(2);
        Edit(change);
        await ExpectMovedAsync(reason);
    }

    [Fact]
    public async Task A_lost_epoch_file_begins_a_new_incarnation()
    {
        await FillAsync(2);
        File.Delete(EpochFile);
        await ExpectMovedAsync("gossip.epoch");
    }

    /// <summary>Into the same file, so that only the content tells.</summary>
    private async Task PutBackAsync(byte[] backup)
    {
        await using var file = new FileStream(DbFile, FileMode.Truncate);
        await file.WriteAsync(backup);
    }

    private async Task ExpectMovedAsync(string reason, string? directory = null)
    {
        await using var store = await OpenAsync(directory ?? Directory);
        Assert.Contains(reason, store.MovedReason, StringComparison.Ordinal);
        var record = await store.LoadAsync(Topic, 1, Go);
        Assert.Null(record.OwnIncarnation);
        Assert.Equal(2, record.Position);
    }

    private async Task ExpectHomeAsync()
    {
        await using var store = await OpenAsync();
        Assert.Null(store.MovedReason);
        Assert.Equal(1UL, (await store.LoadAsync(Topic, 1, Go)).OwnIncarnation);
    }
}
