using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

public sealed class SqliteCorruptionTests : SqliteTestBase
{
    [Fact]
    public async Task A_file_of_garbage_is_refused()
    {
        var garbage = new byte[20_000];
        new Random(5).NextBytes(garbage);
        await File.WriteAllBytesAsync(DbFile, garbage);
        var failure = await OpeningFailsAsync(StoreFault.Corrupt);
        Assert.Contains(".recover", failure.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, await File.ReadAllBytesAsync(DbFile));
    }

    [Fact]
    public async Task A_truncated_file_is_refused()
    {
        await FillAsync(300);
        using (var file = File.OpenWrite(DbFile))
        {
            file.SetLength(file.Length / 2 / 4096 * 4096);
        }

        await OpeningFailsAsync(StoreFault.Corrupt);
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_alone()
    {
        Edit("CREATE TABLE bookmarks(url)");
        await OpeningFailsAsync(StoreFault.Corrupt);
        Edit("SELECT * FROM bookmarks");
    }

    [Fact]
    public async Task A_bit_that_rotted_is_never_served()
    {
        await FillAsync(3);
        var bytes = await File.ReadAllBytesAsync(DbFile);
        var header = Log[2].SignedHeader.HeaderBytes;
        var at = bytes.AsSpan().IndexOf(header.Span);
        bytes[at + header.Length - 1] ^= 1;
        await File.WriteAllBytesAsync(DbFile, bytes);
        await using var store = await OpenAsync();
        Assert.Single(await store.ReadAsync(Log.Topic, Log.Id, new(1, 1), 9, 9999, Go));
        var failure = await Assert.ThrowsAsync<StoreException>(
            () => store.ReadAsync(Log.Topic, Log.Id, new(1, 3), 9, 9999, Go));
        Assert.Equal(StoreFault.Corrupt, failure.Fault);
        Assert.Equal(3, (await store.StatisticsAsync(Log.Topic, Go)).Entries);
    }
}
