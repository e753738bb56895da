using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Storage;

namespace Gossip.Benchmarks.Worker;

/// <summary>
/// Writes a long log of another author into a node's store, as if it had been received: valid
/// entries, but many to a commit, so that a million take a minute.
/// </summary>
internal static class StoreFiller
{
    private const int EntriesPerCommit = 2000;

    public static async Task FillAsync(string directory, int entries, int size)
    {
        await using var store = await SqliteStore.OpenAsync(
            directory, CancellationToken.None);
        var record = await store.LoadAsync(NodeWorker.Topic, 1, CancellationToken.None);
        using var keys = EcKeys.Generate();
        var log = new LogId(keys.Self, 1, Admission.None);
        var (prev, position) = (EntryId.None, record.Position);
        for (long first = 1; first <= entries; first += EntriesPerCommit)
        {
            var batch = ImmutableArray.CreateBuilder<Entry>();
            for (var seq = first; seq < first + EntriesPerCommit && seq <= entries; seq++)
            {
                var entry = Write(
                    keys, log, seq, prev, [new(new Sample(0, 0, (int)seq, 0).ToBytes(size))]);
                prev = entry.Id;
                batch.Add(entry);
            }

            var head = first + batch.Count - 1;
            await store.CommitAsync(
                new()
                {
                    Topic = record.Topic,
                    Number = first,
                    Entries = batch.DrainToImmutable(),
                    Logs = [new()
                    {
                        Log = log, Head = head, HeadId = prev, Delivered = head, DeliveredId = prev,
                    }],
                    Placements = [.. Enumerable.Range(0, (int)(head - first + 1))
                        .Select(i => new Placement(new(log, first + i), ++position))],
                },
                1,
                CancellationToken.None);
        }
    }

    public static Entry Write(
        EcKeys keys, LogId log, long seq, EntryId prev, Payload[] payloads)
    {
        var list = EntryFormat.EncodePayloads(payloads);
        var header = new Header
        {
            Network = NodeWorker.Network,
            Topic = TopicId.OfPublic(NodeWorker.Topic),
            Log = log,
            Seq = seq,
            Prev = prev,
            Clock = [],
            Time = seq,
            PayloadCount = payloads.Length,
            PayloadBytes = list.Length,
            PayloadHash = Hash.OfBytes(list),
        };
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        return new(new(header, id, bytes, keys.Sign(id)), list);
    }
}
