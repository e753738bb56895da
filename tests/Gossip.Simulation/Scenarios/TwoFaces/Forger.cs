using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// Writes entries as an author that keeps no rule but one: its signature is right.
/// </summary>
internal sealed class Forger(Cluster cluster, SimulatedKeys keys, TopicId topic, ulong incarnation)
{
    public Did Did => keys.Self;

    public LogId Log => new(keys.Self, incarnation, Admission.None);

    public Entry Write(long seq, EntryId prev, string text, bool isEnd = false)
    {
        var list = EntryFormat.EncodePayloads(
            isEnd ? [] : [new(Encoding.UTF8.GetBytes($"{text} {seq}"))]);
        var header = new Header
        {
            Network = "simulation",
            Topic = topic,
            Log = Log,
            Seq = seq,
            Prev = seq == 1 ? EntryId.None : prev,
            Clock = [],
            Time = cluster.Epoch + seq,
            PayloadCount = isEnd ? 0 : 1,
            PayloadBytes = list.Length,
            PayloadHash = Hash.OfBytes(list),
            IsEnd = isEnd,
        };
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        var entry = new Entry(new(header, id, bytes, keys.Sign(id)), list);
        cluster.Watch.Forge(entry);
        return entry;
    }

    /// <summary>So many entries after this one; after none, from slot 1.</summary>
    public List<Entry> Chain(Entry? before, int length, string text)
    {
        var chain = new List<Entry>();
        for (var i = 0; i < length; i++)
        {
            before = Write((before?.Header.Seq ?? 0) + 1, before?.Id ?? EntryId.None, text);
            chain.Add(before);
        }

        return chain;
    }
}
