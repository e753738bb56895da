using System.Collections.Immutable;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Simulation;

namespace Gossip.Tests.Protocol;

/// <summary>
/// One topic's machine over a store that answers at once: what does it make of this?
/// </summary>
internal sealed class ReplicaRig
{
    public static readonly TopicName Name = new("news");
    private static readonly Link Peer = new(1);

    private readonly MemoryStore _store = new();
    private readonly Outbox _outbox = new();
    private readonly Queue<Signal> _signals = [];
    private readonly Queue<Batch> _waiting = [];
    private readonly SortedDictionary<LogId, Row> _rows = [];
    private readonly TopicRef _topic;
    private readonly SimulatedKeys _keys;
    private TopicReplica _machine = null!;
    private long _generation;
    private long _calls;

    public ReplicaRig()
        : this(Name, new(0))
    {
    }

    public ReplicaRig(TopicRef topic, SimulatedKeys keys)
    {
        (_topic, _keys) = (topic, keys);
        Done(_store.JoinAsync(topic, null, default));
        Restart();
    }

    /// <summary>Who may read, as this node last told its sessions.</summary>
    public Readers Readers { get; private set; } = Readers.Nobody;

    /// <summary>What people see of it.</summary>
    public View.Delivery? Seen { get; private set; }

    /// <summary>What was asked and refused, by code.</summary>
    public List<string> Declined { get; } = [];

    /// <summary>Everything that this node wrote.</summary>
    public List<Entry> Written { get; } = [];

    public SortedDictionary<RefusalCode, int> Refused { get; } = [];

    /// <summary>
    /// How many signals took effect; a machine that asks for ever makes it throw.
    /// </summary>
    public int Steps { get; private set; }

    public Hash Root => Row.Root(_rows.Values);

    /// <summary>Everything that it told its siblings.</summary>
    public List<Signal> Told { get; } = [];

    public long? ClosedAt(LogId log) => _rows.GetValueOrDefault(log)?.ClosedAt;

    public IReadOnlyList<Dot> Delivered => [.. Entries.Select(e => e.Dot)];

    /// <summary>The same, as a reader gets them.</summary>
    public IReadOnlyList<Entry> Entries =>
    [
        .. Done(_store.ReadDeliveredAsync(
            _topic.Id, 0, int.MaxValue, int.MaxValue, default))
            .Select(d => d.Entry),
    ];

    /// <summary>A new machine from the store alone.</summary>
    public void Restart()
    {
        var record = Done(_store.LoadAsync(_topic, ++_generation, default));
        var self = new Self(_keys.Self, 1, "test", "");
        _rows.Clear();
        _machine = new(record, self, _keys, new GossipOptions { Network = "test" }, () => 7);
        Tell(new Signal.Started());
        Tell(new Signal.Subscribed(Peer, _keys.Self, _topic.Id, true));
    }

    public void Announce(params Entry[] entries) => Tell(new Signal.Received(
        Peer, Some.Author(9), new GossipMessage.Announcement(_topic.Id, [.. entries], []), 1));

    public void Announce(ForkProof proof) => Tell(new Signal.Received(
        Peer, Some.Author(9), new GossipMessage.Announcement(_topic.Id, [], [proof]), 1));

    public void Publish(string text) => Tell(new Signal.Publish(
        _topic.Id, new(++_calls), [new Payload(System.Text.Encoding.UTF8.GetBytes(text))]));

    public void Govern(PolicyWish wish) =>
        Tell(new Signal.Govern(_topic.Id, new(++_calls), wish));

    public void Say(GossipMessage message) =>
        Tell(new Signal.Received(Peer, Some.Author(9), message, 1));

    public void Erase(Entry entry) =>
        Tell(new Signal.Erase(_topic.Id, new(++_calls), entry.Dot, entry.Id));

    /// <summary>This node's key is replaced.</summary>
    public void Rotate(SimulatedKeys successor) =>
        Tell(new Signal.Rotate(_topic.Id, new(++_calls), successor));

    /// <summary>An entry of an author who may well be two-faced.</summary>
    public static Entry Write(
        SimulatedKeys author, long seq, Entry? prev, string text, params Dependency[] clock)
    {
        var list = EntryFormat.EncodePayloads(
            [new Payload(System.Text.Encoding.UTF8.GetBytes(text))]);
        return Write(author, seq, prev, list, isEnd: false, clock);
    }

    /// <summary>The entry that ends a log.</summary>
    public static Entry WriteEnd(SimulatedKeys author, long seq, Entry? prev) =>
        Write(author, seq, prev, [], isEnd: true, []);

    private static Entry Write(
        SimulatedKeys author, long seq, Entry? prev, byte[] list, bool isEnd, Dependency[] clock)
    {
        var header = new Header
        {
            Network = "test",
            Topic = TopicId.OfPublic(Name),
            Log = new(author.Self, 1, Admission.None),
            Seq = seq,
            Prev = prev?.Id ?? EntryId.None,
            Clock = [.. clock],
            Time = 1,
            PayloadCount = isEnd ? 0 : 1,
            PayloadBytes = list.Length,
            PayloadHash = Hash.OfBytes(list),
            IsEnd = isEnd,
        };
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        return new(new(header, id, bytes, author.Sign(id)), list);
    }

    /// <summary>Since the node began.</summary>
    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Commits wait until this is false again.</summary>
    public bool IsDiskBusy
    {
        get;
        set
        {
            field = value;
            while (!value && _waiting.TryDequeue(out var batch))
            {
                Commit(batch);
                Tell(new Signal.Stored(batch.Topic, batch.Number));
            }
        }
    }

    public void Tell(Signal signal)
    {
        _signals.Enqueue(signal);
        while (_signals.TryDequeue(out var next))
        {
            Assert.True(++Steps < 100_000, $"no end: {next}");
            _machine.Handle(next, new(Now, 1), _outbox);
            foreach (var effect in _outbox.Drain())
            {
                Perform(effect);
            }
        }
    }

    private void Perform(Effect effect)
    {
        if (effect is Effect.Tell(var told))
        {
            Told.Add(told);
        }

        switch (effect)
        {
            case Effect.Show(View.Delivery seen):
                Seen = seen;
                break;
            case Effect.Decline(_, var code, _):
                Declined.Add(code);
                break;
            case Effect.Refuse(var code, _):
                Refused[code] = Refused.GetValueOrDefault(code) + 1;
                break;
            case Effect.Persist(var batch) when IsDiskBusy:
                _waiting.Enqueue(batch);
                break;
            case Effect.Persist(var batch):
                Commit(batch);
                _signals.Enqueue(new Signal.Stored(batch.Topic, batch.Number));
                break;
            case Effect.Look(var topic, var log, var slots, var suspicion):
                _signals.Enqueue(new Signal.Found(topic, log, Read(log, slots), suspicion));
                break;
            case Effect.Load(var topic, var log, var slots):
                _signals.Enqueue(new Signal.Loaded(topic, log, Read(log, slots)));
                break;
            case Effect.Tell(Signal.Advanced(_, var row)):
                _rows[row.Log] = row;
                break;
            case Effect.Tell(Signal.Withdrawn(_, var log)):
                _rows.Remove(log);
                break;
            case Effect.Tell(Signal.TopicCarried carried):
                Readers = carried.Readers;
                break;
        }
    }

    private void Commit(Batch batch)
    {
        Written.AddRange(batch.Entries.Where(e => e.Header.Log.Author.Equals(_keys.Self)));
        Done(_store.CommitAsync(batch, _generation, default));
    }

    private ImmutableArray<SignedHeader> Read(LogId log, SeqRange slots) =>
        Done(_store.ReadHeadersAsync(_topic.Id, log, slots, 1000, default));

    private static T Done<T>(Task<T> task) => task.IsCompletedSuccessfully
        ? task.Result
        : throw new InvalidOperationException("The memory store answers at once.");

    private static void Done(Task task) => Assert.True(task.IsCompletedSuccessfully);
}
