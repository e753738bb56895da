using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Adversary;

/// <summary>What a node holds at one moment, and what it had counted by then.</summary>
internal sealed record Note(
    Hash Root,
    StoreStatistics Held,
    int Closures,
    int Logs,
    ImmutableSortedDictionary<string, long> Counters)
{
    /// <summary>What an attack must not change.</summary>
    public IEnumerable<string> ChangesSince(Note before)
    {
        if (Root != before.Root)
        {
            yield return "the root changed";
        }

        if (Held != before.Held)
        {
            yield return $"the store changed: {before.Held} to {Held}";
        }

        if (Closures != before.Closures)
        {
            yield return $"{Closures - before.Closures} logs were closed";
        }

        if (Logs != before.Logs)
        {
            yield return $"{Logs - before.Logs} logs appeared";
        }

        foreach (var counter in new[] { "entries-received", "incarnations-begun", "logs-closed" })
        {
            if (Counters[counter] != before.Counters[counter])
            {
                yield return $"{counter} grew from {before.Counters[counter]} "
                    + $"to {Counters[counter]}";
            }
        }
    }
}
