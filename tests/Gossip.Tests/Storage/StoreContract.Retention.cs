using Gossip.Actors.Protocol;

namespace Gossip.Tests.Storage;

/// <summary>This part: what is forgotten, what is lost, and what turns up late.</summary>
public abstract partial class StoreContract
{
    private const int AnyBytes = int.MaxValue;

    [Fact]
    [Row("D12")]
    public async Task Below_a_floor_nothing_is_left()
    {
        _log.PayloadBytes = 10;
        await CommitAsync(_log.Append(1, 2100, position: 1));
        var before = await Store.StatisticsAsync(Id, Go);
        await CommitAsync(_log.Batch() with
        {
            Logs = [_log.Record(2100, 2100) with { Floor = 2048, FloorMax = 2048 }],
        });

        await Check();
        Store = await ReopenAsync(Store);
        var record = Assert.Single((await LoadAsync()).Logs);
        Assert.Equal((2048, 2048), (record.Floor, record.FloorMax));
        await Check();

        // A closure lowers the floor, and brings nothing back by itself.
        await CommitAsync(_log.Batch() with
        {
            Logs =
            [
                new()
                {
                    Log = _log.Id,
                    Floor = 1024,
                    FloorMax = 2048,
                    Head = 1023,
                    Delivered = 1499,
                    Closure = _log.ClosedAt(1500),
                },
            ],
        });
        record = Assert.Single((await LoadAsync()).Logs);
        Assert.Equal(
            (1024, 2048, 1023, 1499),
            (record.Floor, record.FloorMax, record.Head, record.Delivered));
        Assert.Empty(await Store.ReadDeliveredAsync(Id, 0, 1, AnyBytes, Go));

        async Task Check()
        {
            Assert.Equal(
                Enumerable.Range(2048, 53).Select(seq => (long)seq),
                (await Store.ReadAsync(Id, _log.Id, new(1, 9999), 9999, AnyBytes, Go))
                    .Select(e => e.Header.Seq));
            var first = await Store.ReadDeliveredAsync(Id, 0, 1, AnyBytes, Go);
            Assert.Equal(2048, first[0].Position);
            Assert.Empty(await Store.ReadHeadersAsync(Id, _log.Id, new(1, 2047), 9999, Go));
            Assert.Null(await Store.FindAsync(_log[2047].Id, Go));
            Assert.NotNull(await Store.FindAsync(_log[2048].Id, Go));
            var after = await Store.StatisticsAsync(Id, Go);
            Assert.Equal(
                (53, 53, _log.Range(2048, 2100).Sum(e => e.Size), _log[2048].Header.Time),
                (after.Entries, after.Payloads, after.Bytes, after.Oldest));
            Assert.Equal(before.Newest, after.Newest);
            var left = Assert.Single(await Store.SurveyAsync(Id, Go));
            Assert.Equal((2L, 53L, after.Bytes), (left.Number, left.Entries, left.Bytes));
        }
    }

    [Fact]
    [Row("D12")]
    public async Task A_survey_says_when_the_newest_was_written_or_arrived()
    {
        _log.PayloadBytes = 10;
        var (early, late) = (_log[1023].Header.Time - 5, _log[1030].Header.Time + 5);
        await CommitAsync(_log.Append(1, 1023, position: 1) with { Arrived = early });
        await CommitAsync(_log.Append(1024, 1030, position: 1024) with { Arrived = late });
        Assert.Equal(
            [
                new(_log.Id, 0, 1023, _log.Range(1, 1023).Sum(e => e.Size), early)
                {
                    CanGo = true,
                },
                new(_log.Id, 1, 7, _log.Range(1024, 1030).Sum(e => e.Size),
                    _log[1030].Header.Time),
            ],
            (await Store.SurveyAsync(Id, Go)).OrderBy(s => s.Number));
        Assert.Empty(await Store.SurveyAsync(TopicId.OfPublic(new("other")), Go));
    }

    [Fact]
    [Row("E3")]
    public async Task What_is_lost_is_remembered_with_the_entries_beside_it()
    {
        var lost = IntervalSet.Of(new(3, 4), new(7, 7));
        await CommitAsync(_log.Append(1, 2, position: 1));
        await CommitAsync(_log.Batch(_log[5], _log[6], _log[8], _log[9]) with
        {
            Logs = [_log.Record(9, 9) with { Lost = lost }],
            Placements =
            [
                new(_log[5].Dot, 3), new(_log[6].Dot, 4), new(_log[8].Dot, 5), new(_log[9].Dot, 6),
            ],
        });
        Store = await ReopenAsync(Store);
        var record = await LoadAsync();
        Assert.Equal(lost, Assert.Single(record.Logs).Lost);
        Assert.Equal(
            new long[] { 2, 5, 6, 8 }.Select(
                seq => new Island(_log[seq].Dot, _log[seq].Id, _log[seq].Header.Prev)),
            record.Islands.OrderBy(i => i.Dot.Seq));
    }

    [Fact]
    [Row("E3")]
    public async Task What_turns_up_late_is_read_as_late()
    {
        await CommitAsync(_log.Batch(_log[2]) with
        {
            Logs = [_log.Record(2, 2) with { Lost = IntervalSet.UpTo(1) }],
            Placements = [new(_log[2].Dot, 1)],
        });
        await CommitAsync(_log.Batch(_log[1]) with
        {
            Logs = [_log.Record(2, 2)],
            Placements = [new(_log[1].Dot, 2) { IsLate = true }],
        });
        await Check();
        Store = await ReopenAsync(Store);
        await LoadAsync();
        await Check();

        async Task Check() => Assert.Equal(
            [(2, false), (1, true)],
            (await Store.ReadDeliveredAsync(Id, 0, 9, AnyBytes, Go))
                .Select(d => (d.Entry.Header.Seq, d.IsLate)));
    }

    [Fact]
    [Row("D12")]
    public async Task What_is_accounted_for_is_what_is_stored_after_10_000_changes()
    {
        var random = new Random(12);
        TestLog[] logs = [_log, new(Topic, 2), new(Topic, 3)];
        var (heads, floors) = (new long[3], new long[] { 1, 1, 1 });
        for (var i = 0; i < 10_000;)
        {
            var at = random.Next(logs.Length);
            var log = logs[at];
            log.PayloadBytes = random.Next(120);
            var (first, count) = (heads[at] + 1, random.Next(1, 40));
            heads[at] += count;
            var batch = log.Append(first, heads[at]);
            i += count;
            if (random.Next(4) == 0)
            {
                var erasure = ErasureOf(log[random.NextInt64(floors[at], heads[at] + 1)], by: 9);
                batch = batch with { Erasures = [erasure], Erased = [erasure] };
                i++;
            }

            if (heads[at] >= floors[at] + 2048 && random.Next(3) == 0)
            {
                floors[at] = (floors[at] / 1024 * 1024) + 1024;
                i++;
            }

            await CommitAsync(batch with
            {
                Logs = [log.Record(heads[at]) with
                {
                    Floor = floors[at],
                    FloorMax = floors[at],
                }],
            });
        }

        Assert.All(floors, floor => Assert.True(floor > 1, "no floor was raised"));
        await Check();
        Store = await ReopenAsync(Store);
        await LoadAsync();
        await Check();

        async Task Check()
        {
            var survey = await Store.SurveyAsync(Id, Go);
            var (entries, bytes) = (0L, 0L);
            foreach (var log in logs)
            {
                var stored = await Store.ReadAsync(
                    Id, log.Id, new(1, Dot.SeqMax), int.MaxValue, AnyBytes, Go);
                (entries, bytes) = (entries + stored.Length, bytes + stored.Sum(e => e.Size));
                Assert.Equal(stored.Sum(e => (long)e.Size),
                    survey.Where(s => s.Log == log.Id).Sum(s => s.Bytes));
            }

            var statistics = await Store.StatisticsAsync(Id, Go);
            Assert.Equal((entries, bytes), (statistics.Entries, statistics.Bytes));
            Assert.Equal((entries, bytes), (survey.Sum(s => s.Entries), survey.Sum(s => s.Bytes)));
        }
    }
}
