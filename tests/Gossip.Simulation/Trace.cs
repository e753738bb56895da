using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// Was this run the same as that one? A running hash (FNV-1a) over every signal and effect in
/// order: kinds, links and entry ids, never signatures.
/// </summary>
public sealed class Trace
{
    private const ulong Prime = 0x100000001b3;
    private readonly Dictionary<Type, ulong> _kinds = [];

    public ulong Hash { get; private set; } = 0xcbf29ce484222325;

    public long Steps { get; private set; }

    public void Add(int node, TimeSpan at, object what)
    {
        Steps++;
        Mix((ulong)node);
        Mix((ulong)at.Ticks);
        Mix(KindOf(what.GetType()));
        switch (what)
        {
            case Signal.Send(var link, var message):
                Mix((ulong)link.Number);
                Add(message);
                break;
            case Signal.Frame(var link, var bytes):
                Mix((ulong)link.Number);
                Mix((ulong)bytes.Length);
                break;
            case Signal.Received(var link, _, var message, _):
                Mix((ulong)link.Number);
                Add(message);
                break;
            case Signal.Advanced(_, var row):
                Mix(row.Digest);
                break;
            case Effect.Persist(var batch):
                Add(batch.Entries);
                break;
            case Effect.Transmit(var link, var frame, _):
                Mix((ulong)link.Number);
                Mix((ulong)frame.Length);
                break;
            case Effect.Delivered(_, var position):
                Mix((ulong)position);
                break;
        }
    }

    private void Add(GossipMessage message)
    {
        Mix(KindOf(message.GetType()));
        switch (message)
        {
            case GossipMessage.Announcement(_, var entries, _):
                Add(entries);
                break;
            case GossipMessage.PullResponse(_, _, var entries, _, _):
                Add(entries);
                break;
            case GossipMessage.Heads(_, var rows):
                rows.ToList().ForEach(row => Mix(row.Digest));
                break;
            case GossipMessage.AntiEntropy step:
                Mix((ulong)step.Step);
                Mix(step.Summary.Prefix);
                break;
        }
    }

    private void Add(IEnumerable<Entry> entries)
    {
        foreach (var entry in entries)
        {
            Mix(entry.Id.Hash.Prefix);
        }
    }

    private void Mix(UInt128 value)
    {
        Mix((ulong)value);
        Mix((ulong)(value >> 64));
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * Prime;

    private ulong KindOf(Type type)
    {
        if (!_kinds.TryGetValue(type, out var kind))
        {
            kind = type.Name.Aggregate(0UL, (hash, c) => (hash ^ c) * Prime);
            _kinds.Add(type, kind);
        }

        return kind;
    }
}
