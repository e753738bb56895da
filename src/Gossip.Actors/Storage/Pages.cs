using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// What goes into one answer to a pull? As much as a page holds, in log and seq order.
/// </summary>
public static class Pages
{
    /// <summary>
    /// At most a page by entries and by bytes; one entry larger than a page goes alone.
    /// </summary>
    public static async Task<GossipMessage.PullResponse> ReadAsync(
        IEntryStore store, Effect.Serve serve, GossipSizes sizes, CancellationToken stop)
    {
        var entries = ImmutableArray.CreateBuilder<Entry>();
        var headers = ImmutableArray.CreateBuilder<SignedHeader>();
        int count = sizes.PageEntriesMax, bytes = sizes.PageBytesMax;
        foreach (var want in serve.Wants)
        {
            foreach (var slots in want.Entries.TakeWhile(_ => count > 0 && bytes > 0))
            {
                var page = await store
                    .ReadAsync(serve.Topic, want.Log, slots, count, bytes, stop)
                    .ConfigureAwait(false);
                var isTooMuch = entries.Count > 0 && page.Sum(e => e.Size) > bytes;
                entries.AddRange(isTooMuch ? [] : page);
                count -= page.Length;
                bytes -= page.Sum(e => e.Size);
            }

            foreach (var seq in want.Headers)
            {
                headers.AddRange(await store
                    .ReadHeadersAsync(serve.Topic, want.Log, new SeqRange(seq, seq), 1, stop)
                    .ConfigureAwait(false));
            }
        }

        return new(
            serve.Topic, serve.Request, entries.DrainToImmutable(), headers.DrainToImmutable(),
            serve.Proofs);
    }
}
