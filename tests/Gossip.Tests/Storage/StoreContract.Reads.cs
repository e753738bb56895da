using System.Collections.Concurrent;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

/// <summary>This part: pages, search, statistics, and many callers at once.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task What_is_read_is_what_was_written_byte_for_byte()
    {
        await CommitAsync(_log.Append(1, 1));
        var read = Assert.Single(await Store.ReadAsync(Id, _log.Id, new(1, 1), 1, 0, Go));
        var header = Assert.Single(await Store.ReadHeadersAsync(Id, _log.Id, new(1, 1), 1, Go));
        var found = await Store.FindAsync(_log[1].Id, Go);
        foreach (var signed in new[] { read.SignedHeader, header, found!.SignedHeader })
        {
            Assert.Equal(_log[1].Id, signed.Id);
            Assert.Equal(_log[1].SignedHeader.HeaderBytes.ToArray(), signed.HeaderBytes.ToArray());
            Assert.Equal(_log[1].SignedHeader.Signature.ToArray(), signed.Signature.ToArray());
            Assert.Equal(_log[1].Dot, signed.Header.Dot);
        }

        Assert.Equal(_log[1].PayloadList.ToArray(), read.PayloadList.ToArray());
        Assert.Equal(_log[1].PayloadList.ToArray(), found.PayloadList.ToArray());
    }

    [Fact]
    [Row("C7")]
    public async Task A_page_ends_at_its_entries_and_at_its_bytes_but_the_first_travels_alone()
    {
        await CommitAsync(_log.Append(1, 5, position: 1));
        var two = _log[1].Size + _log[2].Size;
        await ExpectAsync(entriesMax: 3, bytesMax: 100_000, 1, 2, 3);
        await ExpectAsync(entriesMax: 9, bytesMax: two, 1, 2);
        await ExpectAsync(entriesMax: 9, bytesMax: two - 1, 1);
        await ExpectAsync(entriesMax: 9, bytesMax: 1, 1);
        await ExpectAsync(entriesMax: 0, bytesMax: 100_000);
        Assert.Equal([4L, 5], await PositionsAsync(3));
        Assert.Equal(
            [2L, 3],
            (await Store.ReadHeadersAsync(Id, _log.Id, new(2, 9), 2, Go))
            .Select(h => h.Header.Seq));

        async Task ExpectAsync(int entriesMax, int bytesMax, params long[] slots)
        {
            var read = await Store.ReadAsync(Id, _log.Id, new(1, 9), entriesMax, bytesMax, Go);
            Assert.Equal(slots, read.Select(e => e.Header.Seq));
            var delivered = await Store.ReadDeliveredAsync(Id, 0, entriesMax, bytesMax, Go);
            Assert.Equal(slots, delivered.Select(d => d.Position));
        }
    }

    [Fact]
    public async Task Slots_that_are_not_held_are_passed_over()
    {
        await CommitAsync(_log.Append(1, 2));
        await CommitAsync(_log.Batch(_log[9], _log[4]));
        var read = await Store.ReadAsync(Id, _log.Id, new(2, 9), 9, 100_000, Go);
        Assert.Equal([2L, 4, 9], read.Select(e => e.Header.Seq));
        Assert.Empty(await Store.ReadHeadersAsync(Id, _log.Id, new(5, 8), 9, Go));
        Assert.Empty(await Store.ReadAsync(
            TopicId.OfPublic(new("elsewhere")), _log.Id, new(1, 9), 9, 9999, Go));
    }

    [Fact]
    public async Task Entries_of_a_range_are_counted_disputed_or_not()
    {
        var other = new TestLog(Topic, 2);
        await CommitAsync(_log.Append(1, 5));
        await CommitAsync(other.Append(1, 2));
        await CommitAsync(_log.Batch() with { Logs = [_log.Record(2, 2, _log.ClosedAt(3))] });
        Assert.Equal(3, await Store.CountAsync(Id, _log.Id, new(3, Dot.SeqMax), Go));
        Assert.Equal(2, await Store.CountAsync(Id, _log.Id, new(1, 2), Go));
        Assert.Equal(0, await Store.CountAsync(Id, _log.Id, new(6, 9), Go));
        Assert.Equal(0, await Store.CountAsync(
            TopicId.OfPublic(new("elsewhere")), _log.Id, new(1, 9), Go));
    }

    [Fact]
    public async Task Delivery_is_read_in_the_order_of_positions_across_logs()
    {
        var other = new TestLog(Topic, 2);
        await CommitAsync(_log.Append(1, 3));
        await CommitAsync(other.Append(1, 2) with
        {
            Placements =
            [
                new(other[1].Dot, 1), new(_log[1].Dot, 2), new(_log[2].Dot, 3),
                new(other[2].Dot, 4),
            ],
        });
        var page = await Store.ReadDeliveredAsync(Id, 0, 9, 100_000, Go);
        Assert.Equal(
            [other[1].Id, _log[1].Id, _log[2].Id, other[2].Id], page.Select(d => d.Entry.Id));
        await Assert.ThrowsAsync<InvariantException>(
            () => CommitAsync(_log.Batch() with { Placements = [new(_log[1].Dot, 5)] }));
    }

    [Fact]
    [Row("E6")]
    [Row("D12")]
    public async Task Statistics_equal_a_full_recount_after_ten_thousand_random_changes()
    {
        var random = new Random(20_261);
        var logs = Enumerable.Range(1, 6).Select(n => new TestLog(Topic, (byte)n)).ToArray();
        var model = logs.Select(log => new LogModel(log)).ToArray();
        long position = 0;
        for (var i = 0; i < 2_000; i++)
        {
            // Five logs a commit: it is the commits that take time.
            random.Shuffle(model);
            var batch = logs[0].Batch();
            foreach (var changed in model.Take(5))
            {
                var change = changed.Change(random, ref position);
                batch = batch with
                {
                    Entries = [.. batch.Entries, .. change.Entries],
                    Logs = [.. batch.Logs, .. change.Logs],
                    Placements = [.. batch.Placements, .. change.Placements],
                };
            }

            await CommitAsync(batch);
        }

        Array.Sort(model, (a, b) => a.Record.Log.CompareTo(b.Record.Log));

        Store = await ReopenAsync(Store);
        var held = model.SelectMany(m => m.Undisputed).ToList();
        var counted = await Store.StatisticsAsync(Id, Go);
        Assert.Equal(
            new StoreStatistics(
                held.Count,
                held.Sum(e => (long)e.Header.PayloadCount),
                held.Sum(e => (long)e.Size),
                held.Select(e => e.Header.Log).Distinct().Count(),
                held.Min(e => e.Header.Time),
                held.Max(e => e.Header.Time)),
            counted);
        var record = await LoadAsync();
        Assert.Equal(model.Select(m => m.Record), record.Logs.AsEnumerable());
        Assert.Equal(
            model.SelectMany(m => m.Islands), record.Islands.Select(i => i.Dot));
        Assert.Equal(
            model.SelectMany(m => m.Positions).Order(), await PositionsAsync(0));
        Assert.Contains(model, m => m.Record.Closure is not null);
    }

    [Fact]
    public async Task Sixteen_callers_commit_at_once_while_others_read()
    {
        var logs = Enumerable.Range(1, 16).Select(n => new TestLog(Topic, (byte)n)).ToArray();
        using var done = new CancellationTokenSource();
        var wrong = new ConcurrentQueue<string>();
        var readers = logs.Take(3).Select(log => Task.Run(() => ReadAsync(log))).ToList();
        await Task.WhenAll(logs.Select(log => Task.Run(async () =>
        {
            for (var seq = 1; seq <= 30; seq++)
            {
                await CommitAsync(log.Append(seq, seq));
                var last = await Store.ReadHeadersAsync(Id, log.Id, new(seq, seq), 1, Go);
                Assert.Single(last);
            }
        })));
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Empty(wrong);
        Assert.Equal(480, (await Store.StatisticsAsync(Id, Go)).Entries);
        Assert.All((await LoadAsync()).Logs, record => Assert.Equal(30, record.Head));

        async Task ReadAsync(TestLog log)
        {
            while (!done.IsCancellationRequested)
            {
                var page = await Store.ReadHeadersAsync(Id, log.Id, new(1, 99), 99, Go);
                if (page.Select((h, i) => h.Header.Seq == i + 1).Contains(false))
                {
                    wrong.Enqueue($"{log.Id}: a hole among {page.Length}");
                }
            }
        }
    }
}
