using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Reputations;

/// <summary>The machine by itself, with a clock that stands until it is moved.</summary>
internal sealed class ReputationRig
{
    public static readonly Did Peer = Who(1);
    public static readonly Link Link = new(1);
    private const long Epoch = 1_700_000_000_000;

    private readonly GossipReputation _options;
    private readonly SortedDictionary<TimeSpan, List<Signal>> _timers = [];
    private readonly List<Effect> _effects = [];
    private readonly Outbox _outbox = new();
    private readonly Reputation _machine;

    public ReputationRig(GossipReputation? options = null, params Exclusion[] kept)
    {
        _options = options ?? new();
        _machine = new(kept, _options, Now);
        Tell(new Signal.Started());
        Meet(Link, Peer);
    }

    /// <summary>Moves on its own when the wall clock is set.</summary>
    public TimeSpan Skew { get; set; }

    public TimeSpan Elapsed { get; private set; } = TimeSpan.FromSeconds(5);

    public Moment Now =>
        new(Elapsed, Epoch + (long)(Elapsed + Skew).TotalMilliseconds);

    public int TimersRunning => _timers.Values.Sum(t => t.Count);

    public IReadOnlyList<Effect> Effects => _effects;

    /// <summary>Whom the last word of the machine says not to ask or dial.</summary>
    public IEnumerable<Did> Distrusted =>
        Told<Signal.Distrusted>().Last() is var (quarantined, barred)
            ? quarantined.Concat(barred)
            : [];

    public IEnumerable<(Link Link, GoodbyeCode Code)> HungUp => Told<Signal.Send>()
        .Select(send => (send.Link, ((GossipMessage.Goodbye)send.Message).Code));

    public static Did Who(int number)
    {
        var key = new byte[Did.KeyBytes];
        (key[0], key[^2], key[^1]) = (2, (byte)(number >> 8), (byte)number);
        return Did.FromKey(key);
    }

    public static long UnixAt(TimeSpan elapsed) => Epoch + (long)elapsed.TotalMilliseconds;

    public IEnumerable<T> Told<T>()
        where T : Signal => _effects.OfType<Effect.Tell>().Select(t => t.Signal).OfType<T>();

    /// <summary>How somebody stands, and its score, as it is now.</summary>
    public (Standing Standing, double Score) this[Did did] =>
        Look(did) is { } found ? (found.Standing, found.Score) : (Standing.Good, 0);

    public PeerReputation? Look(Did did) => _machine.Look(Now).All.GetValueOrDefault(did);

    public int Known => _machine.Look(Now).All.Count;

    public void Meet(Link link, Did did) =>
        Tell(new Signal.PeerUp(link, new(did, 1, "a:1", null)));

    public void Blame(Misconduct kind, int times = 1, Did? did = null)
    {
        for (var i = 0; i < times; i++)
        {
            Tell(new Signal.Misbehaved(Link, did ?? Peer, kind, $"evidence {i}"));
        }
    }

    public void Tell(Signal signal)
    {
        _machine.Handle(signal, Now, _outbox);
        foreach (var effect in _outbox.Drain())
        {
            _effects.Add(effect);
            if (effect is Effect.After(var delay, var due))
            {
                var at = Elapsed + delay;
                (_timers.TryGetValue(at, out var signals) ? signals : _timers[at] = []).Add(due);
            }
        }
    }

    /// <summary>Time passes, and timers fire in it.</summary>
    public void Pass(TimeSpan time)
    {
        var end = Elapsed + time;
        while (_timers.Count > 0 && _timers.First() is var next && next.Key <= end)
        {
            _timers.Remove(next.Key);
            Elapsed = next.Key;
            next.Value.ForEach(Tell);
        }

        Elapsed = end;
    }
}
