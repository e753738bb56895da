namespace Gossip.Actors.Protocol;

/// <summary>
/// Is the other end still there? Think of a telephone: who has not said a word since the call began
/// is hung up on soon; who falls silent later is asked first, and only then given up. A fixed
/// silence and no estimate: TCP already hides loss, and a wrong "dead" costs one redial.
/// </summary>
internal sealed class Liveness(GossipTimes times)
{
    private TimeSpan _opened;
    private TimeSpan _heard;

    /// <summary>When to judge next.</summary>
    public TimeSpan NextCheck => times.PingInterval < times.HandshakeTimeout
        ? times.PingInterval
        : times.HandshakeTimeout;

    public void Open(TimeSpan now) => (_opened, _heard) = (now, now);

    public void Hear(TimeSpan now) => _heard = now;

    public Verdict Judge(TimeSpan now, bool isGreeting)
    {
        var silence = now - _heard;
        return isGreeting
            ? now - _opened >= times.HandshakeTimeout
                ? new Verdict.Dead("no hello within the handshake timeout")
                : new Verdict.Alive()
            : silence >= times.IdleTimeout
                ? new Verdict.Dead($"silent for {silence.TotalSeconds:0} s")
            : silence >= times.PingInterval ? new Verdict.Silent()
            : new Verdict.Alive();
    }

    /// <summary>What follows from the silence so far.</summary>
    public abstract record Verdict
    {
        private Verdict()
        {
        }

        public sealed record Alive : Verdict;

        /// <summary>Ask it.</summary>
        public sealed record Silent : Verdict;

        /// <summary>End the session.</summary>
        public sealed record Dead(string Reason) : Verdict;
    }
}
