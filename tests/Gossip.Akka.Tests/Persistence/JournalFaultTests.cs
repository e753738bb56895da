using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Tests.Persistence;

/// <summary>What is told when the journal fails, and what a crash leaves.</summary>
public sealed class JournalFaultTests : JournalTestBase
{
    [Fact]
    public async Task After_a_failed_write_only_a_fresh_load_tells_what_is_held()
    {
        await using var store = await OpenAsync();
        await store.LoadAsync(Topic, 1, Go);
        await store.CommitAsync(Log.Append(1, 1, 1), 1, Go);
        Edit("ALTER TABLE journal RENAME TO elsewhere");
        var lost = store.CommitAsync(Log.Append(2, 2, 2), 1, Go);
        var later = store.CommitAsync(Log.Append(3, 3, 3), 1, Go);
        Assert.True((await Assert.ThrowsAsync<StoreException>(() => lost)).OutcomeUnknown);
        Assert.False((await Assert.ThrowsAsync<StoreException>(() => later)).OutcomeUnknown);
        Assert.NotNull(store.Fault);
        Assert.Single(await store.ReadAsync(Log.Topic, Log.Id, new(1, 9), 9, 9999, Go));
        await Assert.ThrowsAsync<StoreException>(() => store.LoadAsync(Topic, 2, Go));

        Edit("ALTER TABLE elsewhere RENAME TO journal");
        var record = await store.LoadAsync(Topic, 2, Go);
        Assert.Equal(1, Assert.Single(record.Logs).Head);
        Assert.Null(store.Fault);
        await store.CommitAsync(Log.Append(2, 2, 2), 2, Go);
        await Assert.ThrowsAsync<StoreException>(
            () => store.CommitAsync(Log.Append(3, 3, 3), 1, Go));
    }

    [Fact]
    public async Task A_head_that_its_entries_do_not_make_is_refused()
    {
        await using var store = await OpenAsync();
        await Assert.ThrowsAsync<InvariantException>(() => store.CommitAsync(
            Log.Append(1, 2) with { Logs = [Log.Record(3)] }, 1, Go));
        await store.CommitAsync(Log.Append(1, 2), 1, Go);
    }

    [Fact]
    public async Task What_is_called_when_it_is_closed_fails_and_says_so()
    {
        var store = await OpenAsync();
        await store.DisposeAsync();
        foreach (var call in new[]
        {
            () => store.CommitAsync(Log.Append(1, 1), 1, Go),
            () => store.LoadAsync(Topic, 9, Go),
            () => store.RemoveExclusionAsync(Log.Id.Author, ExclusionKind.Ban, Go),
        })
        {
            var failure = await Assert.ThrowsAsync<StoreException>(call);
            Assert.Equal(StoreFault.Closed, failure.Fault);
        }
    }

    [Fact]
    public async Task Closing_finishes_the_commits_that_wait()
    {
        var store = await OpenAsync();
        var commits = Enumerable.Range(1, 20)
            .Select(n => store.CommitAsync(Log.Append(n, n, n), 1, Go)).ToList();
        await store.DisposeAsync();
        await Task.WhenAll(commits);
        await using var reopened = await OpenAsync();
        Assert.Equal(20, (await reopened.StatisticsAsync(Log.Topic, Go)).Entries);
    }

    /// <summary>
    /// Copies of the file and its write-ahead log are what a killed process leaves; so little is
    /// written that no checkpoint comes between.
    /// </summary>
    [Fact]
    public async Task No_commit_that_had_completed_is_missing_after_a_crash()
    {
        await using var store = await OpenAsync();
        long completed = 0;
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var seq = 1; seq <= 200 && !stop.IsCancellationRequested; seq++)
            {
                await store.CommitAsync(Log.Append(seq, seq, seq), 1, Go);
                Interlocked.Exchange(ref completed, seq);
            }
        });
        for (var crash = 1; crash <= 5; crash++)
        {
            Assert.True(SpinWait.SpinUntil(
                () => Interlocked.Read(ref completed) > crash * 5 || writing.IsCompleted, 30_000));
            var before = Interlocked.Read(ref completed);
            await using var left = await OpenAsync(directory: Copy($"crash-{crash}"));
            var record = await left.LoadAsync(Topic, 1, Go);
            Assert.InRange(Assert.Single(record.Logs).Head, before, long.MaxValue);
            Assert.Equal(record.Logs[0].Head, record.Position);
        }

        await stop.CancelAsync();
        await writing;
    }

    private string Copy(string name)
    {
        var target = System.IO.Directory.CreateDirectory(Path.Combine(Directory, name)).FullName;
        foreach (var file in new[] { File, File + "-wal" })
        {
            System.IO.File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return target;
    }
}
