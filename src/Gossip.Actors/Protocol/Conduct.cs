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

    /// <summary>A session ends; an abuser is reported.</summary>
    public static void Parted(
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

    /// <summary>A pull ended: with something useful, or not.</summary>
    public static void Promised(this Outbox outbox, Link link, bool isKept, string evidence) =>
        outbox.Tell(isKept
            ? new Signal.PromiseKept(link)
            : new Signal.Misbehaved(link, null, Misconduct.PromiseBroken, evidence));
}
