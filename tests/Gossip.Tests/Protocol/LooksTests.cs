using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

/// <summary>Can a peer make a topic remember every duplicate that it sends?</summary>
public sealed class LooksTests
{
    private static readonly Link Peer = new(1);

    [Fact]
    [Row("A10")]
    public void Suspects_are_bounded_in_bytes_and_their_room_comes_back()
    {
        var looks = new Looks();
        var suspect = Some.Signed(Some.Header(Some.Log(1), 1));
        var size = suspect.HeaderBytes.Length;
        var added = 0L;
        while (looks.TryAdd(Look(suspect)))
        {
            added += size;
        }

        Assert.InRange(added, 1, Looks.OpenBytesMax);
        looks.Conclude(new Suspicion.OfHeader(suspect, Peer));
        Assert.True(looks.TryAdd(Look(suspect)));
        Assert.False(looks.TryAdd(Look(suspect)));
    }

    [Fact]
    public void A_question_waits_for_the_batch_that_it_is_about()
    {
        var looks = new Looks();
        var outbox = new Outbox();
        looks.TryAdd(Look(Some.Signed(Some.Header(Some.Log(1), 1))));
        looks.WaitFor(2);
        looks.Release(1, outbox);
        Assert.Empty(outbox.Drain());
        looks.Release(2, outbox);
        Assert.IsType<Effect.Look>(Assert.Single(outbox.Drain()));
    }

    [Fact]
    public void A_suspect_keeps_only_its_own_bytes_alive()
    {
        var frame = new byte[1000];
        var suspect = Some.Signed(Some.Header(Some.Log(1), 1)) with
        {
            HeaderBytes = frame.AsMemory(0, 100),
        };
        var kept = suspect.Detached();
        frame[0] = 9;
        Assert.Equal(0, kept.HeaderBytes.Span[0]);
    }

    private static Effect.Look Look(SignedHeader suspect) => new(
        suspect.Header.Topic, suspect.Header.Log, new SeqRange(1, 2),
        new Suspicion.OfHeader(suspect, Peer));
}
