using System.Collections.Immutable;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// What are the bytes of these entries? From memory when they were committed or read lately, else
/// from the journal's table, over a few connections beside the plugin's own.
/// </summary>
internal sealed class JournalReads(JournalPlace place, RecentEvents recent) : IAsyncDisposable
{
    /// <summary>More would only compete for the same disk and cores.</summary>
    private const int ConnectionsMax = 4;

    private readonly SemaphoreSlim _room = new(ConnectionsMax);
    private volatile bool _isClosed;

    /// <summary>By id; without what was forgotten since the slots were looked up.</summary>
    /// <exception cref="StoreException">The journal fails, or is not what it was.</exception>
    public async Task<IReadOnlyDictionary<EntryId, Entry>> ReadAsync(
        string journal, IReadOnlyList<Slot> slots, CancellationToken stop)
    {
        ThrowIfClosed();
        var page = new Dictionary<EntryId, Entry>(slots.Count);
        List<IGrouping<long, Slot>> missing = [];
        foreach (var wanted in slots.GroupBy(s => s.Event))
        {
            if (recent.Find(journal, wanted.Key) is { } entries)
            {
                Pick(wanted, entries, page);
            }
            else
            {
                missing.Add(wanted);
            }
        }

        if (missing.Count > 0)
        {
            await LoadAsync(journal, missing, page, stop).ConfigureAwait(false);
        }

        return page;
    }

    /// <summary>Waits for the reads that run; whoever comes later finds it closed.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        for (var i = 0; i < ConnectionsMax; i++)
        {
            await _room.WaitAsync().ConfigureAwait(false);
        }

        _room.Release(ConnectionsMax);
    }

    /// <summary>Off the caller's thread: the disk may make it wait.</summary>
    private async Task LoadAsync(
        string journal,
        List<IGrouping<long, Slot>> missing,
        Dictionary<EntryId, Entry> page,
        CancellationToken stop)
    {
        await _room.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            await Task.Run(() => Load(journal, missing, page), stop).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    private void Load(
        string journal, List<IGrouping<long, Slot>> missing, Dictionary<EntryId, Entry> page)
    {
        ThrowIfClosed();
        using var measured = Stages.Measure(Stage.Read);
        try
        {
            using var db = place.Open();
            foreach (var wanted in missing)
            {
                // One event at a time: it may hold megabytes of which the page wants little.
                var erasures = recent.Erasures;
                var entries = EventRows.Read(db, journal, wanted.Key);
                recent.Keep(journal, wanted.Key, entries, erasures);
                Pick(wanted, entries, page);
            }
        }
        catch (Exception e)
        {
            throw JournalErrors.Of(e, place.Name);
        }
    }

    /// <summary>
    /// The id was computed from the bytes that were found, so a bit that rotted is never served.
    /// What is erased has no payloads, whatever stands in the row; what was forgotten since, and is
    /// without them there, is left out.
    /// </summary>
    private static void Pick(
        IEnumerable<Slot> wanted, ImmutableArray<Entry> entries, Dictionary<EntryId, Entry> page)
    {
        foreach (var slot in wanted)
        {
            var entry = slot.Index < entries.Length ? entries[slot.Index] : null;
            if (entry?.Id != slot.Id)
            {
                throw new FormatException($"Event {slot.Event} changed since it was stored.");
            }

            if (slot.Erasure is { } erasure)
            {
                page[slot.Id] = entry with { PayloadList = erasure.ToForm() };
            }
            else if (!slot.HasPayloads || !entry.PayloadList.IsEmpty)
            {
                page[slot.Id] = entry;
            }
        }
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw JournalErrors.Closed(place.Name);
        }
    }
}
