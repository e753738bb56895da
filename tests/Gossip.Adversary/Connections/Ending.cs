using Gossip.Actors.Protocol;

namespace Gossip.Adversary.Connections;

/// <summary>
/// How did a connection end, as its client saw it? Bytes are application bytes from the node; the
/// alert is of TLS.
/// </summary>
internal sealed record Ending(int Bytes, bool IsGreeted, GoodbyeCode? Goodbye, int? Alert)
{
    /// <summary>The node ended it without a word.</summary>
    public static readonly Ending Silent = new(0, false, null, null);

    public override string ToString() => string.Join(", ",
        new[]
        {
            IsGreeted ? "greeted" : $"{Bytes} bytes",
            Goodbye is null ? null : $"goodbye {Goodbye}",
            Alert is null ? null : $"alert {Alert}",
        }.OfType<string>());
}
