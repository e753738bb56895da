using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

/// <summary>The file and its write-ahead log as a killed process leaves them.</summary>
[Row("E2")]
public sealed class SqliteCrashTests : SqliteTestBase
{
    [Fact]
    public async Task No_commit_that_had_completed_is_missing_after_a_crash()
    {
        await using var store = await OpenAsync();
        await KeepWriteAheadLogAsync(store);
        long completed = 0;
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var seq = 1; !stop.IsCancellationRequested; seq++)
            {
                await store.CommitAsync(Log.Append(seq, seq, seq), 1, Go);
                Interlocked.Exchange(ref completed, seq);
            }
        });
        for (var crash = 1; crash <= 20; crash++)
        {
            var enough = crash * 5;
            Assert.True(SpinWait.SpinUntil(
                () => Interlocked.Read(ref completed) > enough || writing.IsCompleted, 30_000));
            var before = Interlocked.Read(ref completed);
            var copy = Copy($"crash-{crash}");
            Assert.InRange(await HeadAsync(copy), before, long.MaxValue);
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_torn_tail_is_cut_off_and_no_head_is_ahead_of_its_entries()
    {
        await using var store = await OpenAsync();
        await KeepWriteAheadLogAsync(store);
        for (var seq = 1; seq <= 20; seq++)
        {
            await store.CommitAsync(Log.Append(seq, seq, seq), 1, Go);
        }

        var random = new Random(11);
        var heads = new HashSet<long>();
        for (var crash = 1; crash <= 20; crash++)
        {
            var copy = Copy($"torn-{crash}");
            using (var file = File.OpenWrite(Path.Combine(copy, SqliteStore.FileName + "-wal")))
            {
                var length = random.NextInt64(file.Length / 2, file.Length);
                file.SetLength(length);
                file.Position = length - 20;
                file.Write(new byte[40]);
            }

            heads.Add(await HeadAsync(copy));
        }

        Assert.True(heads.Count > 3, "The cuts should have hit several commits.");
    }

    /// <summary>Opens it, checks that it is whole, and says how far it goes.</summary>
    private async Task<long> HeadAsync(string directory)
    {
        await using var store = await OpenAsync(directory);
        Assert.NotNull(store.MovedReason);
        var record = await store.LoadAsync(Topic, 1, Go);
        var head = Assert.Single(record.Logs).Head;
        var read = await store.ReadAsync(
            Log.Topic, Log.Id, new(1, long.MaxValue >> 11), 99_999, int.MaxValue, Go);
        Assert.Equal(head, read.Length);
        Assert.Equal(head, record.Position);
        Assert.Empty(record.Islands);
        return head;
    }

    /// <summary>Without checkpoints the log only grows, so a copy is what a crash leaves.</summary>
    private static async Task KeepWriteAheadLogAsync(SqliteStore store) => await ExecuteAsync(
        store, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint=0");

    private string Copy(string name)
    {
        var target = InDirectory(name);
        System.IO.Directory.CreateDirectory(target);
        foreach (var file in new[] { DbFile, DbFile + "-wal" })
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return target;
    }
}
