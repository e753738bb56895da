using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Gossip.Actors.Protocol;

/// <summary>
/// When something happens: a monotonic time, and what the wall clock shows (Unix ms).
/// </summary>
public readonly record struct Moment(TimeSpan Elapsed, long UnixMilliseconds);

/// <summary>A pure state machine. No clock, I/O, task or lock: same inputs, same effects.</summary>
public interface IMachine
{
    void Handle(Signal signal, Moment now, Outbox outbox);
}

/// <summary>The effects of one step, in order.</summary>
public sealed class Outbox
{
    private readonly List<Effect> _effects = [];

    public void Add(Effect effect) => _effects.Add(effect);

    public void Tell(Signal signal) => Add(new Effect.Tell(signal));

    public void Send(Link link, GossipMessage message) => Tell(new Signal.Send(link, message));

    public void After(TimeSpan delay, Signal signal) => Add(new Effect.After(delay, signal));

    public void Refuse(RefusalCode code, string detail) => Add(new Effect.Refuse(code, detail));

    public void Count(Tally tally, long amount = 1)
    {
        if (amount > 0)
        {
            Add(new Effect.Count(tally, amount));
        }
    }

    public Effect[] Drain()
    {
        Effect[] effects = [.. _effects];
        _effects.Clear();
        return effects;
    }
}

/// <summary>
/// A rule that must hold did not: a bug here, never a peer's doing. The machine restarts.
/// </summary>
public sealed class InvariantException(string message)
    : InvalidOperationException($"BUG! {message}");

/// <summary>Assertions that stay on in production, because they guard data.</summary>
internal static class Invariant
{
    /// <summary>The rule is spelled out only when it is broken.</summary>
    public static void Holds(
        bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref RuleText rule)
    {
        if (!condition)
        {
            throw new InvariantException(rule.ToString());
        }
    }

    public static void Holds(bool condition, string rule)
    {
        if (!condition)
        {
            throw new InvariantException(rule);
        }
    }

    public static UnreachableException Unexpected(IMachine machine, Signal signal) =>
        new($"BUG! {machine.GetType().Name} was sent {signal.GetType().Name}: see Routing.");
}
