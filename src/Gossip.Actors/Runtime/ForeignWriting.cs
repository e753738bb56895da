using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Does somebody else write under this node's key? An entry of ours that came from a peer, and was
/// written since this process runs, is the work of another: seen even where it never says hello.
/// What is older may be our own, from before a store was lost.
/// </summary>
internal sealed class ForeignWriting(Did self, long since)
{
    /// <summary>Logs remembered; more of them tell no more.</summary>
    private const int LogsMax = 16;

    private readonly ConcurrentDictionary<LogId, TwinView> _logs = new();

    public ImmutableArray<TwinView> Seen => [.. _logs.Values.OrderBy(t => t.FirstSeen)];

    /// <summary>The writers that these entries are the first sign of.</summary>
    public IEnumerable<TwinView> Note(ImmutableArray<Entry> received, long now) =>
        received.Select(entry => Note(entry, now)).OfType<TwinView>();

    private TwinView? Note(Entry received, long now)
    {
        var header = received.Header;
        if (!header.Log.Author.Equals(self) || header.Time < since)
        {
            return null;
        }

        if (_logs.TryGetValue(header.Log, out var known))
        {
            _logs[header.Log] = known with { LastSeen = now };
            return null;
        }

        var twin = new TwinView("", header.Log, now, now, false);
        return _logs.Count < LogsMax && _logs.TryAdd(header.Log, twin) ? twin : null;
    }
}
