using System.Collections.Immutable;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Simulation;

/// <summary>
/// What would a real node do? Runs the very machines of the library and performs their effects, in
/// virtual time, over a simulated network and disk.
/// </summary>
public sealed partial class SimulatedNode(
    Cluster cluster, int number, IKeys keys, GossipOptions options)
{
    private readonly Inboxes _inboxes = new(cluster.Draw);
    private readonly SortedDictionary<Link, LinkEnd> _links = [];
    private readonly Queue<ulong> _incarnations = [];
    private Self? _self;
    private TimeSpan _skew;
    private long _linksGiven;
    private long _calls;
    private bool _isDraining;

    public int Number => number;

    public string Address => AddressOf(number);

    public Did Did => keys.Self;

    public GossipOptions Options { get; set; } = options;

    public SimulatedDisk Disk { get; } = new(cluster, number);

    public NodeRecord Record { get; } = new();

    public long Generation { get; private set; }

    public bool IsUp { get; private set; }

    /// <summary>Its frames go nowhere; its links stay up.</summary>
    public bool IsSilent { get; set; }

    public IEnumerable<LinkEnd> Links => _links.Values;

    public static string AddressOf(int number) => $"node-{number}:1";

    /// <summary>The next logs that this node begins take these incarnations.</summary>
    public void Fix(ulong incarnation) => _incarnations.Enqueue(incarnation);

    public void Start()
    {
        (IsUp, Generation) = (true, Generation + 1);
        _self = new(Did, cluster.Draw.Number(), Options.Network, Address);

        // Wall clocks are wrong by up to an hour, and differently after each start.
        _skew = TimeSpan.FromHours((2 * cluster.Draw.Random.NextDouble()) - 1);
        Begin(MachineId.Book, new PeerBook(_self, Options, cluster.Draw.Child()));
        Begin(MachineId.Ledger, new ClockLedger(_self, Options));
        Begin(MachineId.Rounds, new AntiEntropy(Options, cluster.Draw.Child()));
        foreach (var topic in Done(Disk.Store.TopicsAsync(default)))
        {
            Carry(topic);
        }

        Drain();
    }

    /// <summary>The process is gone at once; the store stays.</summary>
    public void Crash()
    {
        IsUp = false;
        Disk.Crash();
        foreach (var end in _links.Values.ToArray())
        {
            cluster.Network.Cut(end);
        }

        _links.Clear();
        _inboxes.Clear();
        Record.ForgetLinks();
    }

    public void Join(string topic)
    {
        var name = new TopicName(topic);
        Done(Disk.Store.JoinAsync(name, default));
        if (IsUp)
        {
            Carry(name);
            Drain();
        }
    }

    public CallId Publish(string topic, params byte[][] payloads)
    {
        var call = new CallId(++_calls);
        Tell(new Signal.Publish(
            TopicId.OfPublic(new(topic)), call, [.. payloads.Select(p => new Payload(p))]));
        return call;
    }

    public CallId Sync(Did? peer)
    {
        var call = new CallId(++_calls);
        Tell(new Signal.SyncAsked(call, peer));
        return call;
    }

    public Link NextLink() => new(++_linksGiven);

    public bool Has(LinkEnd end) =>
        IsUp && end.Generation == Generation && _links.ContainsKey(end.Link);

    public void Open(LinkEnd end, string? dialed)
    {
        _links.Add(end.Link, end);
        var nonce = new Nonce(new(cluster.Draw.Number(), cluster.Draw.Number()));
        var session = Begin(
            new MachineId.Session(end.Link),
            new PeerSession(end.Link, end.Other.Node.Did, dialed, nonce, _self!, Options));
        foreach (var topic in Done(Disk.Store.TopicsAsync(default)))
        {
            _inboxes.Tell(session, new Signal.TopicCarried(TopicId.OfPublic(topic), topic));
        }

        Drain();
    }

    public void Receive(LinkEnd end, byte[] frame)
    {
        var signal = new Signal.Frame(end.Link, frame);
        Record.Receive(end.Link, signal.Cost);
        Tell(signal);
    }

    public void Tell(Signal signal)
    {
        if (IsUp)
        {
            _inboxes.Tell(signal);
            Drain();
        }
    }

    private Inbox Begin(MachineId id, IMachine machine)
    {
        var inbox = _inboxes.Add(id, machine);
        _inboxes.Tell(inbox, new Signal.Started());
        return inbox;
    }

    private void Carry(TopicName name)
    {
        var id = TopicId.OfPublic(name);
        if (_inboxes.Find(new MachineId.Topic(id)) is null)
        {
            var record = Done(Disk.Store.LoadAsync(name, Generation, default));
            _inboxes.Tell(new Signal.TopicCarried(id, name));
            Begin(
                new MachineId.Topic(id),
                new TopicReplica(record, _self!, keys, Options, DrawIncarnation));
        }
    }

    private ulong DrawIncarnation() =>
        _incarnations.TryDequeue(out var fixedOne) ? fixedOne : cluster.Draw.Number();

    private void Drain()
    {
        if (_isDraining)
        {
            return;
        }

        _isDraining = true;
        while (_inboxes.TryTake(out var inbox, out var signal))
        {
            Step(inbox, signal);
        }

        _isDraining = false;
    }

    private void Step(Inbox inbox, Signal signal)
    {
        var at = cluster.Time.Now;
        cluster.Trace.Add(number, at, signal);
        cluster.Watch.Heard(this, signal);
        var outbox = new Outbox();
        var wall = cluster.Epoch + (long)(at + _skew).TotalMilliseconds;
        inbox.Machine.Handle(signal, new(at, wall), outbox);
        var isGossip = signal is Signal.Send
        {
            Message: GossipMessage.Announcement or GossipMessage.Heads
                or GossipMessage.PullRequest or GossipMessage.PullResponse
                or GossipMessage.AntiEntropy
        };
        foreach (var effect in outbox.Drain())
        {
            cluster.Trace.Add(number, at, effect);
            cluster.Watch.Did(this, effect);
            Perform(inbox, effect, isGossip);
        }

        if (signal is Signal.LinkClosed(var link, _) && _links.Remove(link, out var end))
        {
            _inboxes.Remove(inbox);
            cluster.Network.Close(end);
            Record.Forget(link);
        }
    }

    private void Perform(Inbox inbox, Effect effect, bool isGossip)
    {
        Record.Note(effect);
        switch (effect)
        {
            case Effect.Tell(var told):
                _inboxes.Tell(told);
                break;
            case Effect.After(var delay, var signal):
                Later(inbox, delay, () => signal);
                break;
            case Effect.Transmit(var link, var frame, _):
                if (!IsSilent && _links.TryGetValue(link, out var end))
                {
                    cluster.Network.Send(end, frame, isGossip);
                }

                break;
            case Effect.Hangup(var link, var reason):
                // The session says goodbye first: it hears of the end after what it was told.
                _inboxes.Tell(new Signal.LinkClosed(link, reason));
                break;
            case Effect.Dial(var address):
                cluster.Network.Dial(this, address);
                break;
            case Effect.Persist(var batch):
                Disk.Persist(batch, Generation, () =>
                    Answer(inbox, new Signal.Stored(batch.Topic, batch.Number)));
                cluster.Tempt(this);
                break;
            case Effect.Look look:
                Later(inbox, ReadTime(), () => new Signal.Found(
                    look.Topic, look.Log, Headers(look.Topic, look.Log, look.Slots),
                    look.Suspicion));
                break;
            case Effect.Load load:
                Later(inbox, ReadTime(), () => new Signal.Loaded(
                    load.Topic, load.Log, Headers(load.Topic, load.Log, load.Slots)));
                break;
            case Effect.Serve serve:
                Later(inbox, ReadTime(), () => new Signal.Send(
                    serve.Link,
                    Done(Pages.ReadAsync(Disk.Store, serve, Options.Sizes, default))));
                break;
        }
    }

    private void Later(Inbox inbox, TimeSpan delay, Func<Signal> signal) =>
        cluster.Time.In(delay, () => Answer(inbox, signal));

    private void Answer(Inbox inbox, Signal signal) => Answer(inbox, () => signal);

    /// <summary>To the machine that asked, if it still runs.</summary>
    private void Answer(Inbox inbox, Func<Signal> make)
    {
        if (!_inboxes.IsAlive(inbox))
        {
            return;
        }

        var signal = make();
        if (signal is Signal.Send)
        {
            Tell(signal);
            return;
        }

        _inboxes.Tell(inbox, signal);
        Drain();
    }

    private ImmutableArray<SignedHeader> Headers(TopicId topic, LogId log, SeqRange slots) =>
        Done(Disk.Store.ReadHeadersAsync(topic, log, slots, int.MaxValue, default));

    private TimeSpan ReadTime() => cluster.Draw.Around(TimeSpan.FromMilliseconds(1));

    /// <summary>The memory store's tasks have ended when it returns them.</summary>
    private static T Done<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Done(Task task) => task.GetAwaiter().GetResult();
}
