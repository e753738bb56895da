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

    public static Admission AdmissionOf(Entry policy) => new(policy.Header.Seq, policy.Id);

    private Entry Write(Admission admission, Entry? prev, byte[] payload, bool isPolicy)
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
        };
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        return new(new(header, id, bytes, _keys.Sign(id)), list);
    }
}
