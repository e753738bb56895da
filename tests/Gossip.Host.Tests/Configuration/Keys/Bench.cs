using System.Collections.Concurrent;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Wire;

namespace Gossip.Host.Tests.Configuration.Keys;

/// <summary>Machines by themselves, with a clock that stands where it is put.</summary>
internal static class Bench
{
    public static readonly TopicName Name = new("news");
    public static readonly TopicId Topic = TopicId.OfPublic(Name);
    public static readonly Link Link = new(1);
    public static readonly EcKeys Own = EcKeys.Generate();
    public static readonly EcKeys Theirs = EcKeys.Generate();
    public static readonly Self Self = new(Own.Self, 1, "test", "");

    /// <summary>A log of somebody, of which its first entry is held.</summary>
    public static readonly Row Row = new(
        new(Theirs.Self, 1, Admission.None), new(1, 1, IntervalSet.Empty), 7, null, 7);

    /// <summary>What a machine asks for, signal after signal, at one moment.</summary>
    public static Effect[] Ask(this IMachine machine, TimeSpan at, params Signal[] signals)
    {
        var outbox = new Outbox();
        var effects = new List<Effect>();
        foreach (var signal in signals)
        {
            machine.Handle(signal, new(at, 1), outbox);
            effects.AddRange(outbox.Drain());
        }

        return [.. effects];
    }

    /// <summary>How long the last timer for such a signal runs, or that there is none.</summary>
    public static string Timer<T>(this IEnumerable<Effect> effects)
        where T : Signal =>
        effects.OfType<Effect.After>().LastOrDefault(after => after.Signal is T) is { } last
            ? Gossip.Host.Configuration.Units.Show(last.Delay)
            : "none";

    /// <summary>The messages that go out on links, decoded.</summary>
    public static IEnumerable<GossipMessage> Messages(this IEnumerable<Effect> effects) =>
        effects.OfType<Effect.Transmit>()
            .Select(sent => MessageCodec.Decode(sent.Frame, null, new GossipSizes()))
            .OfType<DecodeResult.Read>()
            .Select(read => read.Message);

    public static Signal.Frame Frame(GossipMessage message, TopicNames? names = null) =>
        new(Link, MessageCodec.Encode(message, names));

    public static GossipMessage.Hello Hello() => new(
        Limits.ProtocolVersion, "test", Theirs.Self, 2, new Nonce(2), "", 1024 * 1024);

    /// <summary>Always the middle: jitter that does not jitter.</summary>
    public sealed class Middle : Random
    {
        public override double NextDouble() => 0.5;
    }

    /// <summary>Remembers how long every timer was to run.</summary>
    public sealed class RecordingTime : TimeProvider
    {
        private readonly ConcurrentDictionary<TimeSpan, bool> _timers = new();

        public bool Saw(TimeSpan timer) => _timers.ContainsKey(timer);

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers[dueTime] = true;
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
