namespace Gossip.Crash.Tests;

/// <summary>Does the counter notice when a node forgets, or mixes up, what it was told?</summary>
public sealed class NamedSubscriberTests
{
    private readonly NamedSubscriber _subscriber = new(0, TimeProvider.System);

    public NamedSubscriberTests()
    {
        _subscriber.Open(0);
        _subscriber.Take(1, "a");
        _subscriber.Take(2, "b");
        _subscriber.Asks(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_was_not_acknowledged_comes_again_where_it_was(long stands)
    {
        _subscriber.Open(stands);
        for (var position = stands + 1; position <= 2; position++)
        {
            _subscriber.Take(position, position == 1 ? "a" : "b");
        }

        _subscriber.Take(3, "c");
        Assert.Equal((2 - stands, 0, 3), Found());
    }

    [Fact]
    public void What_was_confirmed_must_not_be_forgotten()
    {
        _subscriber.Open(1);
        _subscriber.Open(0);
        Assert.Equal(1, _subscriber.Wrong);
    }

    [Fact]
    public void More_than_was_asked_for_is_not_acknowledged()
    {
        _subscriber.Open(2);
        Assert.Equal(1, _subscriber.Wrong);
    }

    [Theory]
    [InlineData(1, "a")]
    [InlineData(3, "c")]
    [InlineData(2, "x")]
    public void Again_jumped_over_or_another_entry_is_wrong(long position, string entry)
    {
        _subscriber.Open(1);
        _subscriber.Take(position, entry);
        Assert.Equal(1, _subscriber.Wrong);
    }

    private (long CameAgain, long Wrong, long Last) Found() =>
        (_subscriber.CameAgain, _subscriber.Wrong, _subscriber.Last);
}
