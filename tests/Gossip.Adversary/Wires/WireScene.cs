using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Tests.Hostile;
using Gossip.Tests.Nodes;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Adversary.Wires;

/// <summary>An accepted peer with a key of its own, and what it can find out of the node.</summary>
internal sealed class WireScene(Ground ground, HostilePeer peer)
{
    private readonly List<string> _faults = [];

    public HostilePeer Peer => peer;

    /// <summary>
    /// Whose entries the peer relays. Not its own: of what it relays, a peer is not to blame.
    /// </summary>
    public EcKeys Author { get; } = EcKeys.Generate();

    /// <summary>Writes as the author: the true entries, and whatever else it would sign.</summary>
    public Forge Forge => new(Author);

    public Ground Ground => ground;

    public IReadOnlyList<string> Faults => _faults;

    public void Expect(bool holds, string fault)
    {
        if (!holds)
        {
            _faults.Add(fault);
        }
    }

    /// <summary>An entry that the honest peer wrote, and the node holds.</summary>
    public async Task<Entry> HonestEntryAsync()
    {
        var log = (await Cluster.StatusAsync(ground.Honest)).Rows
            .Single(row => row.Log.Author.Equals(ground.Honest.Did));
        var page = await ground.Target.ReadAsync(
            Cluster.Topic, 0, 100_000, CancellationToken.None);
        return page.Select(d => d.Entry).Last(e => e.Header.Log == log.Log);
    }

    /// <summary>Both nodes hold these, byte for byte.</summary>
    public async Task HoldsAsync(params Entry[] entries)
    {
        foreach (var node in new[] { ground.Target, ground.Honest })
        {
            foreach (var entry in entries)
            {
                Expect(
                    await Ground.TryAsync(async () => await FindAsync(node, entry.Id) is not null),
                    $"{entry.Dot} is not held");
                var held = await FindAsync(node, entry.Id);
                Expect(
                    held is null || held.PayloadList.Span.SequenceEqual(entry.PayloadList.Span),
                    $"{entry.Dot} is held with other payloads");
            }
        }
    }

    public async Task LacksAsync(params Entry[] entries)
    {
        foreach (var entry in entries)
        {
            Expect(await FindAsync(ground.Target, entry.Id) is null, $"{entry.Dot} is held");
        }
    }

    /// <summary>How often a counter of the node has been raised by now.</summary>
    public long Count(string counter) => ground.Target.Status().Counters[counter];

    public async Task CountedAsync(string counter, long atLeast) => Expect(
        await Ground.TryAsync(() => Task.FromResult(Count(counter) >= atLeast)),
        $"{counter} is {Count(counter)}, not {atLeast}");

    public Task ProveAsync(params ForkProof[] proofs) =>
        peer.SayAsync(new GossipMessage.Announcement(HostilePeer.Topic, [], [.. proofs]));

    /// <summary>Entries as no codec of ours would spell them.</summary>
    public Task PushRawAsync(params Proto.Entry[] entries)
    {
        var message = new Proto.Announcement
        {
            Topic = ByteString.CopyFrom(peer.Names!.TokenOf(HostilePeer.Topic).Hash.ToArray()),
        };
        message.Entries.AddRange(entries);
        return peer.SendAsync(new Proto.Frame { Announcement = message }.ToByteArray());
    }

    /// <summary>A header changed in its bytes, and signed as it is then.</summary>
    public Proto.Entry Sign(Entry entry, Action<Proto.Header> change)
    {
        var header = Proto.Header.Parser.ParseFrom(entry.SignedHeader.HeaderBytes.Span);
        change(header);
        var bytes = header.ToByteArray();
        return new()
        {
            Header = ByteString.CopyFrom(bytes),
            Signature = ByteString.CopyFrom(Author.Sign(EntryId.Of(bytes))),
            Payloads = ByteString.CopyFrom(entry.PayloadList.Span),
        };
    }

    private static Task<Entry?> FindAsync(GossipNode node, EntryId id) =>
        node.FindAsync(id, CancellationToken.None);
}
