using Gossip.Actors.Protocol;

namespace Gossip.Adversary.Connections;

/// <summary>What must a node answer to a connection?</summary>
internal abstract record Expectation
{
    /// <summary>Ended without one application byte: there was nobody to talk to.</summary>
    public static readonly Expectation NoHandshake = new Unheard();

    /// <summary>Ended, with a goodbye or without: nobody was taken for a peer.</summary>
    public static readonly Expectation NoSession = new Refused(null, null);

    /// <summary>As above, by the handshake timeout at the latest.</summary>
    public static readonly Expectation TooSlow = new Late(null);

    /// <summary>A control: what is odd here means nothing to a node.</summary>
    public static readonly Expectation Session = new Accepted();

    private Expectation()
    {
    }

    public bool IsNegative => this is not Accepted;

    /// <summary>Ended with this goodbye, and counted under this name.</summary>
    public static Expectation Goodbye(GoodbyeCode code, string counter) =>
        new Refused(code, counter);

    /// <summary>Ended by the handshake timeout at the latest, and counted before.</summary>
    public static Expectation Counted(string counter) => new Late(counter);

    /// <summary>It waits for a deadline of the node.</summary>
    public bool IsSlow => this is Late;

    /// <summary>The counter that must have grown.</summary>
    public virtual string? Counter => null;

    public abstract bool IsMetBy(Ending ending);

    private sealed record Unheard : Expectation
    {
        public override bool IsMetBy(Ending ending) => ending.Bytes == 0;

        public override string ToString() => "no application byte";
    }

    private sealed record Late(string? Refusal) : Expectation
    {
        public override string? Counter => Refusal is null ? null : $"refused.{Refusal}";

        public override bool IsMetBy(Ending ending) =>
            ending.Goodbye is null or GoodbyeCode.TooSlow or GoodbyeCode.Unexpected;

        public override string ToString() => "ended at the handshake timeout";
    }

    private sealed record Refused(GoodbyeCode? Code, string? Refusal) : Expectation
    {
        public override string? Counter => Refusal is null ? null : $"refused.{Refusal}";

        public override bool IsMetBy(Ending ending) => Code is null || ending.Goodbye == Code;

        public override string ToString() => Code is null
            ? "ended without a session"
            : $"goodbye {Code}";
    }

    private sealed record Accepted : Expectation
    {
        public override bool IsMetBy(Ending ending) =>
            ending is { IsGreeted: true, Goodbye: GoodbyeCode.Leaving };

        public override string ToString() => "a session (a control)";
    }
}
