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
        while (TryAdd(looks, suspect))
        {
            added += size;
        }

        Assert.InRange(added, Looks.SuspectBytesMax - size, Looks.SuspectBytesMax);
        looks.Finish(new Suspicion.OfHeader(suspect, Peer));
        looks.Finish(new Suspicion.OfClaim(Peer, 1, 1));
        Assert.True(TryAdd(looks, suspect));
        Assert.False(TryAdd(looks, suspect));
    }

    [Fact]
    public void A_suspect_keeps_only_its_own_bytes_alive()
    {
        var looks = new Looks();
        var frame = new byte[1000];
        var suspect = Some.Signed(Some.Header(Some.Log(1), 1)) with
        {
            HeaderBytes = frame.AsMemory(0, 100),
        };
        Assert.True(TryAdd(looks, suspect));
        frame[0] = 9;
        var outbox = new Outbox();
        looks.WaitFor(0);
        looks.Release(0, outbox);
        var look = Assert.IsType<Effect.Look>(Assert.Single(outbox.Drain()));
        var kept = Assert.IsType<Suspicion.OfHeader>(look.Suspicion).Header;
        Assert.Equal(0, kept.HeaderBytes.Span[0]);
    }

    private static bool TryAdd(Looks looks, SignedHeader suspect) => looks.TryAdd(
        suspect, Peer, suspect.Header.Topic, new SeqRange(1, 2));
}
