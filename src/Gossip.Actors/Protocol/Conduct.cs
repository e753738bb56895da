namespace Gossip.Actors.Protocol;

/// <summary>
/// How does a machine tell what a peer did? One line where it happens; what follows from it is
/// decided by <see cref="Reputation"/> alone.
/// </summary>
internal static class Conduct
{
    /// <summary>
    /// A session ends for this. Whether it is abuse: another version, another network, a frame that
    /// only our configuration finds too large, silence, and a second link are nobody's fault.
    /// </summary>
    public static bool IsAbuse(GoodbyeCode code) =>
        code is GoodbyeCode.Malformed or GoodbyeCode.Unexpected or GoodbyeCode.WrongIdentity;

    /// <summary>What we say before we hang up on a frame that cannot be taken.</summary>
    public static GoodbyeCode GoodbyeFor(RefusalCode code) => code == RefusalCode.FrameTooLarge
        ? GoodbyeCode.TooLarge
        : GoodbyeCode.Malformed;

    /// <summary>A session ends by the peer's own doing; an abuser is reported.</summary>
    public static void Expelled(
        this Outbox outbox, Link link, Did proven, GoodbyeCode code, string reason)
    {
        if (IsAbuse(code))
        {
            outbox.Tell(new Signal.Misbehaved(link, proven, Misconduct.ProtocolAbuse, reason));
        }
    }

    /// <summary>An entry that its author did not sign; who sent it, the link tells.</summary>
    public static void NotSigned(this Outbox outbox, Link link, Header header) =>
        outbox.Tell(new Signal.NotSigned(link, header.Log.Author, $"{header.Dot}"));

    /// <summary>
    /// A pull was answered. What came may be useless here, past a closure or under a policy that we
    /// wait for; an answer with nothing in it is what it looks like.
    /// </summary>
    public static void Answered(
        this Outbox outbox, Link link, GossipMessage.PullResponse said, bool isUseful)
    {
        if (isUseful)
        {
            outbox.Tell(new Signal.PromiseKept(link));
        }
        else if (said.Entries.IsEmpty)
        {
            outbox.PromiseBroken(link, $"nothing in its answer to pull {said.Request}");
        }
    }

    public static void PromiseBroken(this Outbox outbox, Link link, string evidence) =>
        outbox.Tell(new Signal.Misbehaved(link, null, Misconduct.PromiseBroken, evidence));
}
