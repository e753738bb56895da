using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Tests.Runtime;

/// <summary>Does control go first, and does a slow peer cost only so much?</summary>
public sealed class SendQueueTests
{
    [Fact]
    public async Task Control_goes_before_own_before_relayed()
    {
        var queue = new SendQueue(1000);
        queue.TryAdd(new byte[] { 3 }, SendClass.Relayed);
        queue.TryAdd(new byte[] { 2 }, SendClass.Own);
        queue.TryAdd(new byte[] { 1 }, SendClass.Control);
        Assert.Equal([1, 2, 3], await TakeAsync(queue));
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public void Each_class_is_bounded_in_bytes_and_takes_one_frame_of_any_size()
    {
        var queue = new SendQueue(100);
        Assert.True(queue.TryAdd(new byte[60], SendClass.Own));
        Assert.False(queue.TryAdd(new byte[60], SendClass.Own));
        Assert.True(queue.TryAdd(new byte[40], SendClass.Own));
        Assert.False(queue.TryAdd(new byte[1], SendClass.Own));
        Assert.True(queue.TryAdd(new byte[500], SendClass.Relayed));
        Assert.True(queue.TryAdd(new byte[1], SendClass.Control));
        Assert.Equal(601, queue.Bytes);
    }

    [Fact]
    public async Task Once_it_finishes_only_control_that_waits_still_goes_out()
    {
        var queue = new SendQueue(1000);
        queue.TryAdd(new byte[] { 2 }, SendClass.Own);
        queue.TryAdd(new byte[] { 1 }, SendClass.Control);
        queue.Finish();
        Assert.False(queue.TryAdd(new byte[] { 9 }, SendClass.Control));
        Assert.Equal([1], await TakeAsync(queue));
        Assert.Null(await queue.TakeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Whoever_waits_for_frames_hears_of_the_first_and_of_the_end()
    {
        var queue = new SendQueue(1000);
        var waiting = TakeAsync(queue);
        Assert.False(waiting.IsCompleted);
        queue.TryAdd(new byte[] { 7 }, SendClass.Relayed);
        Assert.Equal([7], await waiting);
        var end = queue.TakeAsync(CancellationToken.None);
        Assert.False(end.IsCompleted);
        queue.Finish();
        Assert.Null(await end);
    }

    [Fact]
    public async Task A_reader_without_credit_waits_until_bytes_come_back()
    {
        var credit = new ByteCredit(10);
        await credit.TakeAsync(25, CancellationToken.None);
        Assert.Equal(-15, credit.Left);
        var waiting = credit.TakeAsync(1, CancellationToken.None).AsTask();
        credit.GiveBack(15);
        Assert.False(waiting.IsCompleted);
        credit.GiveBack(10);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        Assert.Equal(9, credit.Left);
    }

    private static async Task<byte[]> TakeAsync(SendQueue queue) =>
        [.. (await queue.TakeAsync(CancellationToken.None))!.Select(f => f.Span[0])];
}
