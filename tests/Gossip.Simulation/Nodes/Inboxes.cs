using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>One machine, the signals that wait for it, and the bytes it owes to readers.</summary>
public sealed class Inbox(MachineId id, IMachine machine, long generation)
{
    private readonly SortedDictionary<Link, long> _owed = [];

    public MachineId Id => id;

    public IMachine Machine => machine;

    /// <summary>The store refuses commits of older ones.</summary>
    public long Generation => generation;

    public Queue<Signal> Waiting { get; } = [];

    /// <summary>Taken from readers, and not given back.</summary>
    public IEnumerable<KeyValuePair<Link, long>> Owed => _owed;

    public void Owe(Signal signal)
    {
        switch (signal)
        {
            case Signal.Received(var link, _, _, var bytes):
                _owed[link] = _owed.GetValueOrDefault(link) + bytes;
                break;
            case Signal.PeerDown(var link, _):
                _owed.Remove(link);
                break;
        }
    }

    public void Repay(Link link, int bytes)
    {
        if (_owed.TryGetValue(link, out var owed))
        {
            _owed[link] = owed - bytes;
        }
    }
}

/// <summary>
/// Who goes next in one node? Each machine hears its signals in the order they were told; which
/// machine goes next is drawn, as threads would race.
/// </summary>
public sealed class Inboxes(Draw draw, Action<Signal> deadLetter)
{
    private readonly Dictionary<MachineId, Inbox> _all = [];
    private readonly List<Inbox> _ready = [];

    public IEnumerable<Inbox> All => _all.Values;

    public Inbox Add(MachineId id, IMachine machine, long generation)
    {
        var inbox = new Inbox(id, machine, generation);
        _all.Add(id, inbox);
        return inbox;
    }

    public Inbox? Find(MachineId id) => _all.GetValueOrDefault(id);

    public bool IsAlive(Inbox inbox) => Find(inbox.Id) == inbox;

    public void Remove(Inbox inbox)
    {
        _all.Remove(inbox.Id);
        _ready.Remove(inbox);
    }

    public void Clear()
    {
        _all.Clear();
        _ready.Clear();
    }

    public void Tell(Signal signal)
    {
        var (some, everyone) = Routing.Of(signal);
        foreach (var id in some)
        {
            Tell(Find(id), signal);
        }

        if (everyone != Routing.Everyone.Nobody)
        {
            TellAll(id => IsMeant(id, everyone), signal);
        }
    }

    public void TellAll(Func<MachineId, bool> which, Signal signal)
    {
        foreach (var inbox in _all.Values.Where(i => which(i.Id)).ToArray())
        {
            Tell(inbox, signal);
        }
    }

    public void Tell(Inbox? inbox, Signal signal)
    {
        if (inbox is null || !IsAlive(inbox))
        {
            deadLetter(signal);
            return;
        }

        inbox.Waiting.Enqueue(signal);
        if (inbox.Waiting.Count == 1)
        {
            _ready.Add(inbox);
        }
    }

    public bool TryTake(out Inbox inbox, out Signal signal)
    {
        (inbox, signal) = (null!, null!);
        if (_ready.Count == 0)
        {
            return false;
        }

        var index = draw.Random.Next(_ready.Count);
        inbox = _ready[index];
        signal = inbox.Waiting.Dequeue();
        if (inbox.Waiting.Count == 0)
        {
            _ready.RemoveAt(index);
        }

        return true;
    }

    private static bool IsMeant(MachineId id, Routing.Everyone everyone) => everyone switch
    {
        Routing.Everyone.Topics => id is MachineId.Topic,
        Routing.Everyone.Sessions => id is MachineId.Session,
        _ => false,
    };
}
