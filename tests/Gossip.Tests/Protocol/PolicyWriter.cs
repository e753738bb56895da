using Gossip.Actors.Protocol;
using Gossip.Simulation;

namespace Gossip.Tests.Protocol;

/// <summary>
/// An author in a topic with an owner, who may well be two-faced: it writes what it is told, where
/// it is told.
/// </summary>
internal sealed class PolicyWriter
{
    private readonly SimulatedKeys _keys;

    private PolicyWriter(SimulatedKeys keys, TopicRef topic) => (_keys, Topic) = (keys, topic);

    public Did Did => _keys.Self;

    public TopicRef Topic { get; }

    /// <summary>The founding entry of an owner's topic, and the owner.</summary>
    public static (PolicyWriter Owner, Entry Founding) Found(SimulatedKeys keys)
    {
        var self = new Self(keys.Self, 1, "test", "");
        var (topic, first) = Founding.Of(
            self, keys, 1, new("plans", new(), 0), time: 1);
        return (new(keys, topic), first.Entries.Single());
    }

    public PolicyWriter Other(SimulatedKeys keys) => new(keys, Topic);

    /// <summary>The next change in a policy log; in the owner's, unless another seat is named.
    /// </summary>
    public Entry Say(PolicyChange change, Entry? prev, Admission admission = default) =>
        Write(admission, prev, PolicyFormat.Encode(change), isPolicy: true);

    /// <summary>Bytes that may say anything.</summary>
    public Entry Say(byte[] change, Entry prev) =>
        Write(Admission.None, prev, change, isPolicy: true);

    /// <summary>The next entry of users' payloads under an admission.</summary>
    public Entry Publish(string text, Entry? prev, Admission admission) =>
        Write(admission, prev, System.Text.Encoding.UTF8.GetBytes(text), isPolicy: false);

    /// <summary>An entry that erases others, or says so.</summary>
    public Entry Erase(byte[] statement, Entry? prev, Admission admission) =>
        Write(admission, prev, statement, isPolicy: false, erases: true);

    /// <summary>The end of a log that names the key which follows; altered, if told so.</summary>
    public Entry Rotate(
        SimulatedKeys next,
        Entry? prev,
        Admission admission,
        bool isPolicy = false,
        ulong incarnation = 1,
        Func<Header, Header>? with = null)
    {
        var log = new LogId(Did, incarnation, admission);
        var (seq, before) = ((prev?.Header.Seq ?? 0) + 1, prev?.Id ?? EntryId.None);
        var statement = Rotation.StatementOf("test", Topic.Id, log, seq, before);
        var header = new Header
        {
            Network = "test",
            Topic = Topic.Id,
            Log = log,
            Seq = seq,
            Prev = before,
            Clock = [],
            Time = 1,
            PayloadCount = 0,
            PayloadBytes = 0,
            PayloadHash = Hash.OfBytes([]),
            IsEnd = true,
            IsPolicy = isPolicy,
            Rotation = new(next.Self, next.Sign(statement)),
        };
        return Sign(with is null ? header : with(header), []);
    }

    public static Admission AdmissionOf(Entry policy) => new(policy.Header.Seq, policy.Id);

    private Entry Write(
        Admission admission, Entry? prev, byte[] payload, bool isPolicy, bool erases = false)
    {
        var list = EntryFormat.EncodePayloads([new Payload(payload)]);
        var header = new Header
        {
            Network = "test",
            Topic = Topic.Id,
            Log = new(Did, 1, admission),
            Seq = (prev?.Header.Seq ?? 0) + 1,
            Prev = prev?.Id ?? EntryId.None,
            Clock = [],
            Time = 1,
            PayloadCount = 1,
            PayloadBytes = list.Length,
            PayloadHash = Hash.OfBytes(list),
            IsPolicy = isPolicy,
            Erases = erases,
        };
        return Sign(header, list);
    }

    private Entry Sign(Header header, byte[] list)
    {
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        return new(new(header, id, bytes, _keys.Sign(id)), list);
    }
}
