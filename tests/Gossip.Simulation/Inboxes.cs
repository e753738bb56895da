using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>One machine and the signals that wait for it.</summary>
public sealed class Inbox(MachineId id, IMachine machine)
{
    public MachineId Id => id;

    public IMachine Machine => machine;

    public Queue<Signal> Waiting { get; } = [];
}

/// <summary>
/// Who goes next in one node? Each machine hears its signals in the order they were told; which
/// machine goes next is drawn, as threads would race.
/// </summary>
public sealed class Inboxes(Draw draw)
{
    private readonly Dictionary<MachineId, Inbox> _all = [];
    private readonly List<Inbox> _ready = [];

    public IEnumerable<Inbox> All => _all.Values;

    public Inbox Add(MachineId id, IMachine machine)
    {
        var inbox = new Inbox(id, machine);
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
            foreach (var inbox in _all.Values.Where(i => IsMeant(i.Id, everyone)).ToArray())
            {
                Tell(inbox, signal);
            }
        }
    }

    public void Tell(Inbox? inbox, Signal signal)
    {
        if (inbox is null || !IsAlive(inbox))
        {
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
