using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Simulation;

/// <content>
/// What the runtime's supervisor does: a machine that fails comes back after a while, as a new
/// generation that knows only what the store holds, while its siblings state their facts again.
/// </content>
public sealed partial class SimulatedNode
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    private readonly HashSet<TopicId> _uncertain = [];

    /// <summary>What each topic last said of its readers: whoever comes later hears it.</summary>
    private readonly Dictionary<TopicId, Signal.TopicCarried> _carried = [];

    private readonly Dictionary<MachineId, (TimeSpan Born, TimeSpan Next)> _backoffs = [];

    /// <summary>Every machine that should run does.</summary>
    public bool IsWhole => IsUp && Fixtures.All(id => _inboxes.Find(id) is not null);

    /// <summary>The machines that this node should always have.</summary>
    public IEnumerable<MachineId> Fixtures =>
    [
        MachineId.Book, MachineId.Ledger, MachineId.Rounds, MachineId.Trust,
        .. _cluster.Shape.Forgets ? [MachineId.Shelves] : Array.Empty<MachineId>(),
        .. Topics.Select(t => new MachineId.Topic(t.Id)),
    ];

    /// <summary>Something in this machine broke: it ends, and comes back.</summary>
    public void Fail(MachineId id)
    {
        if (IsUp && _inboxes.Find(id) is { } inbox)
        {
            Fail(inbox, new InvalidOperationException("a fault put in on purpose"));
        }
    }

    private void Fail(Inbox inbox, Exception fault)
    {
        if (!IsUp || !_inboxes.IsAlive(inbox))
        {
            return;
        }

        _inboxes.Remove(inbox);
        foreach (var (link, bytes) in inbox.Owed)
        {
            GiveBack(link, bytes);
        }

        inbox.Waiting.ToList().ForEach(Undeliverable);
        switch (inbox.Id)
        {
            case MachineId.Session(var link):
                _inboxes.Tell(new Signal.PeerDown(link, "a fault on this side"));
                EndLink(link, inbox);
                break;
            case MachineId.Topic(var topic):
                FailAll(t => t == topic);
                if (fault is StoreException { OutcomeUnknown: true })
                {
                    _uncertain.Add(topic);
                }

                goto default;
            default:
                ReviveLater(inbox.Id);
                break;
        }

        Drain();
    }

    private void ReviveLater(MachineId id)
    {
        var (born, backoff) = _backoffs.GetValueOrDefault(id, (_cluster.Time.Now, BackoffMin));
        backoff = _cluster.Time.Now - born > Healthy ? BackoffMin : backoff;
        _backoffs[id] = (born, backoff * 2 < BackoffMax ? backoff * 2 : BackoffMax);
        var generation = Generation;
        _cluster.Time.In(backoff, () =>
        {
            if (IsUp && Generation == generation)
            {
                Revive(id);
            }
        });
    }

    private void Revive(MachineId id)
    {
        _cluster.Sometimes.Reach(Rarity.MachineRestarted);
        _backoffs[id] = (_cluster.Time.Now, _backoffs[id].Next);
        if (id is MachineId.Topic(var topic))
        {
            Carry(Topics.Single(t => t.Id == topic));
        }
        else
        {
            Begin(id, MachineOf(id));
        }

        _inboxes.TellAll(other => !other.Equals(id), new Signal.Restate());
        Drain();
    }

    private IMachine MachineOf(MachineId id) => id switch
    {
        MachineId.PeerBook => new PeerBook(_self!, Options, _cluster.Draw.Child(), []),
        MachineId.ClockLedger => new ClockLedger(_self!, Options),
        MachineId.AntiEntropy => new AntiEntropy(Options, _cluster.Draw.Child()),
        MachineId.Reputation => Remembering(),
        MachineId.Retention => new Retention(Options),
        _ => throw new ArgumentOutOfRangeException(nameof(id), id, "made elsewhere"),
    };

    private Reputation Remembering()
    {
        var now = new Moment(_cluster.Time.Now, Clock.UnixMilliseconds);
        var kept = Done(Disk.Store.ExclusionsAsync(default));
        var reputation = new Reputation(kept, Options.Reputation, now);
        Record.Note(new Effect.Show(reputation.Look(now)));
        return reputation;
    }

    private void Begin(MachineId id, IMachine machine, long generation = 0)
    {
        var inbox = _inboxes.Add(id, _cluster.Mutation.Wrap(id, machine), generation);
        _inboxes.Tell(inbox, new Signal.Started());
        if (id is MachineId.ClockLedger or MachineId.Session or MachineId.Retention)
        {
            foreach (var (topic, name) in Topics)
            {
                _inboxes.Tell(
                    inbox,
                    _carried.GetValueOrDefault(topic) ?? new Signal.TopicCarried(topic, name));
            }
        }
    }

    /// <summary>From the store alone. After a commit that may have happened: a new log.</summary>
    private void Carry(TopicRef topic)
    {
        var id = new MachineId.Topic(topic.Id);
        if (_inboxes.Find(id) is not null)
        {
            return;
        }

        try
        {
            var record = Disk.Load(topic);
            record = _uncertain.Contains(id.Id) ? record with { OwnIncarnation = null } : record;
            _inboxes.Tell(new Signal.TopicCarried(topic.Id, topic.Name));
            Begin(
                id,
                new TopicReplica(record, _self!, _keys, Options, DrawIncarnation),
                Disk.GenerationOf(id.Id));
        }
        catch (StoreException)
        {
            ReviveLater(id);
        }
    }

    /// <summary>Who waits for an answer is told that there will be none.</summary>
    private void FailAll(Func<TopicId, bool> which)
    {
        foreach (var (call, _) in _publishing.Where(p => which(p.Value)).ToArray())
        {
            _publishing.Remove(call);
            Record.Failed.Add(new(call));
        }
    }

    private void Undeliverable(Signal signal)
    {
        switch (signal)
        {
            case Signal.Received(var link, _, _, var bytes):
                GiveBack(link, bytes);
                break;
            case Signal.Govern(_, var governed, _):
                _publishing.Remove(governed.Number);
                Record.Failed.Add(governed);
                break;
            case Signal.Publish { Call: var call }:
                _publishing.Remove(call.Number);
                Record.Failed.Add(call);
                break;
        }
    }
}
