using IO = System.IO;

namespace Gossip.Akka.Tests.Persistence;

/// <summary>
/// A copied or restored journal must not author under numbers that others may know.
/// </summary>
public sealed class JournalMovedTests : JournalTestBase
{
    [Fact]
    public async Task An_ordinary_restart_keeps_the_incarnation()
    {
        await FillAsync();
        await ExpectAsync(7);
        await ExpectAsync(7);
    }

    [Fact]
    public async Task A_killed_process_keeps_the_incarnation()
    {
        await FillAsync();
        await using var killed = await OpenAsync();
        await killed.CommitAsync(Log.Append(3, 3, 3), 1, Go);
        await ExpectAsync(7);
    }

    [Fact]
    public async Task An_older_copy_put_back_begins_a_new_incarnation()
    {
        await FillAsync();
        var backup = await IO.File.ReadAllBytesAsync(File);
        await ExpectAsync(7);
        await IO.File.WriteAllBytesAsync(File, backup);
        await using (var store = await OpenAsync())
        {
            Assert.NotNull(store.MovedReason);
            Assert.Null((await store.LoadAsync(Topic, 1, Go)).OwnIncarnation);
            await store.CommitAsync(Log.Batch() with { OwnIncarnation = 8 }, 1, Go);
        }

        await ExpectAsync(8);
    }

    private async Task FillAsync()
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Log.Append(1, 2, 1) with { OwnIncarnation = 7 }, 1, Go);
    }

    private async Task ExpectAsync(ulong incarnation)
    {
        await using var store = await OpenAsync();
        Assert.Null(store.MovedReason);
        Assert.Equal(incarnation, (await store.LoadAsync(Topic, 1, Go)).OwnIncarnation);
    }
}
