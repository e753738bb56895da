namespace Gossip.Adversary.Connections;

/// <summary>
/// One way to connect that must not be answered, or a control that must. Slow ones wait for a
/// deadline of the node, and run beside each other.
/// </summary>
internal sealed record ConnectionCase(
    string Name, string How, Expectation Expected, Func<Stranger, Task<Ending>> AttackAsync)
{
    public bool IsSlow => Expected.IsSlow;

    /// <summary>A case whose attack only sends; then the end is awaited.</summary>
    public static ConnectionCase Of(
        string name, string how, Expectation expected, Func<Stranger, Task> attackAsync) =>
        new(name, how, expected, async stranger =>
        {
            await attackAsync(stranger);
            return await stranger.EndAsync();
        });
}
