using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// What would a real node do? Runs the very machines of the library and performs their effects, in
/// virtual time, over a simulated network and disk.
/// </summary>
public sealed partial class SimulatedNode
{
    private readonly Cluster _cluster;
    private readonly IKeys _keys;
    private readonly Inboxes _inboxes;
    private readonly SortedDictionary<Link, LinkEnd> _links = [];
    private readonly Queue<ulong> _incarnations = [];
    private readonly SortedDictionary<long, TopicId> _publishing = [];
    private Self? _self;
    private long _linksGiven;
    private long _calls;

    public SimulatedNode(Cluster cluster, int number, IKeys keys, GossipOptions options)
    {
        (_cluster, _keys, Number, Options) = (cluster, keys, number, options);
        _inboxes = new(cluster.Draw, Undeliverable);
        (Disk, Clock) = (new(cluster, number), new(cluster));
    }

    public int Number { get; }

    public string Address => AddressOf(Number);

    public Did Did => _keys.Self;

    public GossipOptions Options { get; set; }

    public SimulatedDisk Disk { get; }

    public WallClock Clock { get; }

    public NodeRecord Record { get; } = new();

    /// <summary>Counts the processes that this node has been.</summary>
    public long Generation { get; private set; }

    public bool IsUp { get; private set; }

    /// <summary>Its frames go nowhere; its links stay up.</summary>
    public bool IsSilent { get; set; }

    /// <summary>It offers what it holds, and answers no pull.</summary>
    public bool IsWithholding { get; set; }

    /// <summary>What it takes to read one frame from a socket: above 0 for a slow reader.</summary>
    public TimeSpan ReadDelay { get; set; }

    public IEnumerable<LinkEnd> Links => _links.Values;

    public LinkEnd? EndOf(Link link) => _links.GetValueOrDefault(link);

    public static string AddressOf(int number) => $"node-{number}:1";

    /// <summary>The next logs that this node begins take these incarnations.</summary>
    public void Fix(ulong incarnation) => _incarnations.Enqueue(incarnation);

    public void Start()
    {
        (IsUp, Generation) = (true, Generation + 1);
        _self = new(Did, _cluster.Draw.Number(), Options.Network, Address);
        _uncertain.Clear();
        _backoffs.Clear();
        Clock.Skew();
        _cluster.Watch.Began(this);
        foreach (var id in Fixtures.Where(id => id is not MachineId.Topic))
        {
            Begin(id, MachineOf(id));
        }

        foreach (var topic in Topics)
        {
            Carry(topic);
        }

        Drain();
    }

    /// <summary>The process is gone at once; the store stays.</summary>
    public void Crash()
    {
        if (!IsUp)
        {
            return;
        }

        IsUp = false;
        Disk.Crash();
        foreach (var end in _links.Values.ToArray())
        {
            _cluster.Network.Abandon(end);
        }

        _links.Clear();
        _inboxes.Clear();
        Record.ForgetLinks();
        FailAll(_ => true);
    }

    /// <summary>It says goodbye first. Then the process is gone.</summary>
    public void Stop()
    {
        if (IsUp)
        {
            _inboxes.TellAll(id => id is MachineId.Session, new Signal.Stopping());
            Drain();
            Crash();
        }
    }

    public void Join(string topic)
    {
        Join(TopicRef.Public(new(topic)), null);
    }

    /// <summary>A topic with an owner; with its first entry where this node makes it.</summary>
    public void Join(TopicRef topic, Batch? first)
    {
        Done(Disk.Store.JoinAsync(topic, first, default));
        if (IsUp)
        {
            Carry(topic);
            Drain();
        }
    }

    public CallId Publish(string topic, params byte[][] payloads) =>
        Publish(topic, null, payloads);

    /// <summary>Under a key: written once, however often it is asked. Nothing: an end.</summary>
    public CallId Publish(string topic, PublishKey? key, params byte[][] payloads) =>
        Publish(TopicId.OfPublic(new(topic)), key, payloads);

    /// <summary>Asks for a change of a topic's policy.</summary>
    public void Govern(TopicRef topic, PolicyWish wish) =>
        Tell(new Signal.Govern(topic.Id, new(++_calls), wish));

    public CallId Publish(TopicId id, PublishKey? key, params byte[][] payloads)
    {
        var call = new CallId(++_calls);
        if (!IsUp)
        {
            Record.Failed.Add(call);
            return call;
        }

        _publishing.Add(call.Number, id);
        _cluster.Watch.Asked(this, call, key, payloads);
        Tell(new Signal.Publish(id, call, [.. payloads.Select(p => new Payload(p))], key));
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
        var nonce = new Nonce(new(_cluster.Draw.Number(), _cluster.Draw.Number()));
        var proven = end.Other.Node.Did;
        var standing = Record.StandingOf(proven);
        IMachine session = standing.IsBarred
            ? new ShutDoor(end.Link, proven, dialed, standing.BarReason)
            : new PeerSession(end.Link, proven, dialed, nonce, _self!, Options);
        Begin(new MachineId.Session(end.Link), session);
        Drain();
    }

    /// <summary>A frame was read from a link.</summary>
    public void Receive(Signal.Frame frame)
    {
        Record.Receive(frame.Link, frame.Cost);
        Tell(frame);
    }

    public void Tell(Signal signal)
    {
        if (IsUp)
        {
            _inboxes.Tell(signal);
            Drain();
        }
    }

    /// <summary>The topics on its disk.</summary>
    public IEnumerable<TopicRef> Topics => Done(Disk.Store.TopicsAsync(default));

    private ulong DrawIncarnation() =>
        _incarnations.TryDequeue(out var fixedOne) ? fixedOne : _cluster.Draw.Number();

    /// <summary>The memory store's tasks have ended when it returns them.</summary>
    private static T Done<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Done(Task task) => task.GetAwaiter().GetResult();
}
