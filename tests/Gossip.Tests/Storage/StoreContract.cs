using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

/// <summary>
/// What every store must do; derive from it to test your own. This part: commits, generations and
/// what a restart finds.
/// </summary>
[Row("E1")]
public abstract partial class StoreContract : IAsyncLifetime
{
    protected static readonly CancellationToken Go = CancellationToken.None;
    private static readonly TopicName Topic = new("contract");
    private readonly TestLog _log = new(Topic, 1);
    private long _generation = 1;

    private IEntryStore Store { get; set; } = null!;

    private TopicId Id => _log.Topic;

    /// <summary>A new, empty store.</summary>
    protected abstract Task<IEntryStore> CreateAsync();

    /// <summary>The same store as a node finds it that was stopped and started again.</summary>
    protected abstract Task<IEntryStore> ReopenAsync(IEntryStore store);

    public async Task InitializeAsync()
    {
        Store = await CreateAsync();
        await Store.JoinAsync(Topic, null, Go);
        await LoadAsync();
    }

    public async Task DisposeAsync() => await Store.DisposeAsync();

    [Fact]
    public async Task Topics_are_remembered_in_name_order_and_joining_twice_changes_nothing()
    {
        await Store.JoinAsync(new TopicName("zebra"), null, Go);
        await Store.JoinAsync(new TopicName("Alpha"), null, Go);
        await CommitAsync(_log.Append(1, 2));
        await Store.JoinAsync(Topic, null, Go);
        Assert.Equal(
            [new("Alpha"), Topic, new("zebra")],
            (await Store.TopicsAsync(Go)).AsEnumerable());
        Assert.Equal(2, Assert.Single((await LoadAsync()).Logs).Head);
    }

    [Fact]
    public async Task A_new_topic_is_empty()
    {
        var record = await LoadAsync();
        Assert.Equal((Id, Topic, null, 0L), Of(record));
        Assert.Empty(record.Logs);
        Assert.Empty(record.Islands);
        Assert.Equal(new(0, 0, 0, 0, 0, 0), await Store.StatisticsAsync(Id, Go));
        Assert.Empty(await Store.ReadDeliveredAsync(Id, 0, 10, 1000, Go));
        Assert.Empty(await Store.ReadAsync(Id, _log.Id, new(1, 9), 10, 1000, Go));
        Assert.Null(await Store.FindAsync(_log[1].Id, Go));
    }

    [Fact]
    public async Task A_topic_that_was_not_joined_is_a_bug_of_the_caller()
    {
        var other = new TestLog(new("other"), 1);
        await Assert.ThrowsAsync<InvariantException>(() => CommitAsync(other.Append(1, 1)));
        await Assert.ThrowsAsync<InvariantException>(
            () => Store.LoadAsync(new TopicName("other"), 1, Go));
    }

    [Fact]
    public async Task Reopening_finds_logs_islands_closures_position_and_incarnation()
    {
        var other = new TestLog(Topic, 2, ulong.MaxValue);
        var own = ulong.MaxValue - 1;
        await CommitAsync(_log.Append(1, 3, position: 1) with { OwnIncarnation = own });
        await CommitAsync(_log.Batch(_log[7], _log[5]));
        await CommitAsync(other.Append(1, 4) with
        {
            Logs = [other.Record(1, 0, other.ClosedAt(2))],
        });
        Store = await ReopenAsync(Store);
        var record = await LoadAsync();
        Assert.Equal((Id, Topic, own, 3L), Of(record));
        Assert.Equal(
            [_log.Record(3, 3), other.Record(1, 0, other.ClosedAt(2))], record.Logs.AsEnumerable());
        Assert.Equal(
            [
                new Island(_log[5].Dot, _log[5].Id, _log[4].Id),
                new Island(_log[7].Dot, _log[7].Id, _log[6].Id),
            ],
            record.Islands.AsEnumerable());
    }

    [Fact]
    public async Task A_batch_that_breaks_a_rule_leaves_nothing_behind()
    {
        await CommitAsync(_log.Append(1, 2, position: 1));
        var before = await LoadAsync();
        var fresh = new TestLog(Topic, 9);
        Batch[] wrong =
        [
            _log.Append(3, 4, position: 3) with { Entries = [_log[3], _log[4], _log[2]] },
            _log.Append(3, 4, position: 3) with { Entries = [_log[3], _log[4], _log[3]] },
            _log.Append(3, 4, position: 3) with { Entries = [_log[3]] },
            _log.Append(3, 4, position: 2),
            _log.Append(3, 3) with { Placements = [new(_log[1].Dot, 3)] },
            fresh.Append(1, 1) with { Entries = [fresh[1], _log[1]] },
        ];
        foreach (var batch in wrong)
        {
            await Assert.ThrowsAsync<InvariantException>(
                () => CommitAsync(batch with { OwnIncarnation = 77 }));
        }

        var after = await LoadAsync();
        Assert.Equal(Of(before), Of(after));
        Assert.Equal(before.Logs.AsEnumerable(), after.Logs.AsEnumerable());
        Assert.Empty(after.Islands);
        Assert.Null(await Store.FindAsync(_log[3].Id, Go));
        await CommitAsync(_log.Append(3, 4, position: 3));
        Assert.Equal(4, (await Store.ReadDeliveredAsync(Id, 0, 9, 9999, Go)).Length);
    }

    [Fact]
    public async Task A_closure_takes_entries_out_of_delivery_and_never_lifts()
    {
        await CommitAsync(_log.Append(1, 6, position: 1));
        await CommitAsync(_log.Batch() with { Logs = [_log.Record(3, 3, _log.ClosedAt(4))] });
        Assert.Equal([1L, 2, 3], await PositionsAsync(0));
        Assert.Equal(3, (await Store.StatisticsAsync(Id, Go)).Entries);
        Assert.Equal(6, (await Store.ReadAsync(Id, _log.Id, new(1, 9), 9, 9999, Go)).Length);
        Assert.NotNull(await Store.FindAsync(_log[5].Id, Go));

        // Disputed entries may still come, and even be placed: kept, and never delivered.
        await CommitAsync(_log.Batch(_log[7]) with { Placements = [new(_log[7].Dot, 7)] });
        Assert.Equal([1L, 2, 3], await PositionsAsync(0));
        Assert.Equal(3, (await Store.StatisticsAsync(Id, Go)).Entries);
        var record = await LoadAsync();
        Assert.Equal(7, record.Position);
        Assert.Empty(record.Islands);
        foreach (var lifted in new[] { null, _log.ClosedAt(5) })
        {
            await Assert.ThrowsAsync<InvariantException>(
                () => CommitAsync(_log.Batch() with { Logs = [_log.Record(3, 3, lifted)] }));
        }

        await CommitAsync(_log.Batch() with { Logs = [_log.Record(1, 1, _log.ClosedAt(2))] });
        Assert.Equal([1L], await PositionsAsync(0));
        Assert.Equal(
            _log.Record(1, 1, _log.ClosedAt(2)), Assert.Single((await LoadAsync()).Logs));
    }

    [Fact]
    public async Task An_older_generation_is_refused_once_a_newer_one_loaded()
    {
        await CommitAsync(_log.Append(1, 1));
        await LoadAsync();
        var refusal = await Assert.ThrowsAsync<StoreException>(
            () => Store.CommitAsync(_log.Append(2, 2), _generation - 1, Go));
        Assert.Equal(StoreFault.Superseded, refusal.Fault);
        Assert.False(refusal.OutcomeUnknown);
        Assert.Null(await Store.FindAsync(_log[2].Id, Go));
        refusal = await Assert.ThrowsAsync<StoreException>(
            () => Store.LoadAsync(Topic, _generation - 1, Go));
        Assert.Equal(StoreFault.Superseded, refusal.Fault);
        await CommitAsync(_log.Append(2, 2));
        Assert.Null(Store.Fault);
    }

    [Fact]
    public async Task A_load_sees_every_commit_that_was_asked_before_it()
    {
        var commits = Enumerable.Range(1, 40).Select(n => CommitAsync(_log.Append(n, n))).ToList();
        var load = LoadAsync();
        var late = Store.CommitAsync(_log.Append(41, 41), _generation - 1, Go);
        Assert.Equal(40, Assert.Single((await load).Logs).Head);
        await Task.WhenAll(commits);
        await Assert.ThrowsAsync<StoreException>(() => late);
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        var gone = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.CommitAsync(_log.Append(1, 1), _generation, gone));
        Assert.Null(await Store.FindAsync(_log[1].Id, Go));
    }

    private static (TopicId, TopicName, ulong?, long) Of(TopicRecord record) =>
        (record.Topic, record.Name, record.OwnIncarnation, record.Position);

    private Task<TopicRecord> LoadAsync() => Store.LoadAsync(Topic, ++_generation, Go);

    private Task CommitAsync(Batch batch) => Store.CommitAsync(batch, _generation, Go);

    private async Task<IEnumerable<long>> PositionsAsync(long after) =>
        (await Store.ReadDeliveredAsync(Id, after, 9999, int.MaxValue, Go))
        .Select(d => d.Position);
}
