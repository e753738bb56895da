namespace Gossip.Crash.Tests;

/// <summary>Does a subscriber notice what comes twice, not at all, or out of turn?</summary>
public sealed class SubscriberTests
{
    private readonly Subscriber _subscriber = new(0, TimeProvider.System);

    [Fact]
    public void Each_payload_once_and_in_turn_is_in_order()
    {
        Take(1, 0, 1);
        Take(2, 0, 2);
        Take(2, 1, 3);
        Take(3, 0, 4);
        Assert.Equal([1, 2, 3, 4], _subscriber.Order());
        Assert.Equal((4, 0, 0), Found());
    }

    [Fact]
    public void The_same_payload_at_another_position_is_a_duplicate()
    {
        Take(1, 0, 1);
        Take(2, 0, 1);
        Assert.Equal((2, 1, 0), Found());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    [InlineData(3, 0)]
    [InlineData(2, 1)]
    public void Any_position_but_the_next_is_a_jump(long position, int index)
    {
        Take(1, 0, 1);
        Take(position, index, 2);
        Assert.Equal((2, 0, 1), Found());
    }

    [Fact]
    public async Task A_new_store_has_an_order_of_its_own()
    {
        Take(1, 0, 1);
        await _subscriber.ForgetAsync();
        Take(1, 0, 1);
        Assert.Equal((2, 0, 0), Found());
        Assert.Equal([1], _subscriber.Order());
    }

    private void Take(long position, int index, int number) => _subscriber.Take(new(
        position, index, index + 1, "", "", "", 1, 0, new Promise(number).Text, null, null));

    private (long Delivered, long Duplicates, long Jumps) Found() =>
        (_subscriber.Delivered, _subscriber.Duplicates, _subscriber.Jumps);
}
