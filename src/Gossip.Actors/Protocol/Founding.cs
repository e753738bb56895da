namespace Gossip.Actors.Protocol;

/// <summary>How does a topic with an owner begin? Its first entry's id becomes its name.</summary>
internal static class Founding
{
    /// <summary>The topic, and what must be stored before anybody hears of it.</summary>
    public static (TopicRef Topic, Batch First) Of(
        Self self, IKeys keys, ulong incarnation, PolicyChange.Founding founding, long time)
    {
        var list = EntryFormat.EncodePayloads([new Payload(PolicyFormat.Encode(founding))]);
        var header = new Header
        {
            Network = self.Network,
            Topic = default,
            Log = new(self.Did, incarnation, Admission.None),
            Seq = 1,
            Prev = EntryId.None,
            Clock = [],
            Time = time,
            PayloadCount = 1,
            PayloadBytes = list.Length,
            PayloadHash = Hash.OfBytes(list),
            IsPolicy = true,
        };
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        var entry = new Entry(new(header, id, bytes, keys.Sign(id)), list);
        var topic = new TopicRef(new(id.Hash), TopicName.Of(founding.Label, self.Did));
        return (topic, new()
        {
            Topic = topic.Id,
            Number = 0,
            Arrived = time,
            Entries = [entry],
            Policies = [entry],
            Logs = [new() { Log = header.Log, Head = 1, HeadId = id }],
            OwnIncarnation = incarnation,
        });
    }
}
