namespace Gossip.Actors.Protocol;

/// <summary>
/// Which public topics does the system itself keep, and how long may a log in one be? Every node
/// must agree, so these are constants.
/// </summary>
public static class SystemTopic
{
    /// <summary>Attestations: who trusts whom, and how much.</summary>
    public static readonly TopicName Trust = new("gossip.trust");

    /// <summary>
    /// Entries of one log of <see cref="Trust"/>. Anyone may attest, so the room of each author is
    /// limited by seq, never by a score: all nodes admit alike.
    /// </summary>
    public const long TrustSeqMax = 4096;

    private static readonly TopicId TrustId = TopicId.OfPublic(Trust);

    /// <summary>The last slot of any log in this topic.</summary>
    public static long SeqMax(TopicId topic) => topic == TrustId ? TrustSeqMax : Dot.SeqMax;
}
