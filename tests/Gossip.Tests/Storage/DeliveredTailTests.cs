using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

/// <summary>Does memory answer what the file would, or nothing?</summary>
public sealed class DeliveredTailTests
{
    private static readonly TopicName Topic = new("tail");

    private readonly TestLog _log = new(Topic, 1);
    private readonly DeliveredTail _tail = new();

    [Fact]
    public void It_answers_from_its_first_position_on_and_leaves_the_rest_to_the_file()
    {
        _tail.Add(_log.Append(1, 3, position: 5));
        Assert.Null(Read(after: 3));
        Assert.Equal([5L, 6, 7], Read(after: 4)!);
        Assert.Equal([7L], Read(after: 6)!);
        Assert.Null(Read(after: 7));
        Assert.Null(_tail.Read(new TestLog(new("other"), 1).Topic, 4, 9, 9999));
    }

    [Fact]
    public void A_page_ends_at_its_entries_and_at_its_bytes_but_the_first_travels_alone()
    {
        _tail.Add(_log.Append(1, 5, position: 1));
        Assert.Equal([1L, 2], Read(0, entriesMax: 2)!);
        Assert.Equal([1L, 2], Read(0, bytesMax: _log[1].Size + _log[2].Size)!);
        Assert.Equal([1L], Read(0, bytesMax: 1)!);
    }

    [Fact]
    public void An_entry_that_was_stored_before_it_is_delivered_leaves_no_hole()
    {
        _tail.Add(_log.Append(1, 2, position: 1));
        _tail.Add(_log.Append(3, 3));
        _tail.Add(_log.Append(4, 4, position: 4) with
        {
            Placements = [new(_log[3].Dot, 3), new(_log[4].Dot, 4)],
        });
        Assert.Null(Read(after: 0));
        Assert.Null(Read(after: 2));
        Assert.Equal([4L], Read(after: 3)!);
    }

    [Fact]
    public void Positions_that_it_was_not_told_of_are_left_to_the_file()
    {
        _tail.Add(_log.Append(1, 2, position: 1));
        _tail.Add(_log.Append(4, 5, position: 4));
        Assert.Null(Read(after: 1));
        Assert.Null(Read(after: 2));
        Assert.Equal([4L, 5], Read(after: 3)!);
    }

    [Fact]
    public async Task A_closure_makes_it_forget_what_it_may_take_back()
    {
        _tail.Add(_log.Append(1, 3, position: 1));
        _tail.Forget(_log.Topic);
        Assert.Null(Read(after: 0));

        using var directory = new TestDirectory();
        var read = await ReadAsync(directory.Path, async store =>
        {
            await store.JoinAsync(Topic, null, CancellationToken.None);
            await store.CommitAsync(
                _log.Append(1, 3, position: 1), 1, CancellationToken.None);
            var closing = _log.Batch() with { Logs = [_log.Record(1, 1, _log.ClosedAt(2))] };
            await store.CommitAsync(closing, 1, CancellationToken.None);
        });
        Assert.Equal([1L], read.Select(d => d.Item1));
    }

    [Fact]
    public void Its_memory_is_bounded_and_the_oldest_go_first()
    {
        _log.PayloadBytes = 512 * 1024;
        _tail.Add(_log.Append(1, 40, position: 1));
        Assert.Null(Read(after: 20));
        Assert.Equal([40L], Read(after: 39)!);
    }

    [Fact]
    public async Task A_store_that_was_opened_again_answers_the_same_from_its_file()
    {
        using var directory = new TestDirectory();
        var before = await ReadAsync(directory.Path, async store =>
        {
            await store.JoinAsync(Topic, null, CancellationToken.None);
            await store.CommitAsync(_log.Append(1, 9, position: 1), 1, CancellationToken.None);
        });
        var after = await ReadAsync(directory.Path, _ => Task.CompletedTask);
        Assert.Equal(9, before.Length);
        Assert.Equal(before, after);
    }

    private static async Task<(long, EntryId, string)[]> ReadAsync(
        string directory, Func<SqliteStore, Task> prepare)
    {
        await using var store = await SqliteStore.OpenAsync(
            directory, CancellationToken.None);
        await prepare(store);
        var id = TopicId.OfPublic(Topic);
        var page = await store.ReadDeliveredAsync(id, 0, 100, 100_000, CancellationToken.None);
        return [.. page.Select(d => (
            d.Position, d.Entry.Id, Convert.ToHexString(d.Entry.PayloadList.Span)))];
    }

    private IEnumerable<long>? Read(long after, int entriesMax = 99, int bytesMax = 99_999_999) =>
        _tail.Read(_log.Topic, after, entriesMax, bytesMax)?.Select(d => d.Position);
}
