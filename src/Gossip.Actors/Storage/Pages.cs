using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// What goes into one answer to a pull? As much as a page holds: proofs, then entries and headers
/// in log and seq order. However often a request repeats itself, it costs one page.
/// </summary>
public static class Pages
{
    /// <summary>
    /// At most a page by items and by bytes; one entry larger than a page goes alone.
    /// </summary>
    public static async Task<GossipMessage.PullResponse> ReadAsync(
        IEntryStore store, Effect.Serve serve, GossipSizes sizes, CancellationToken stop)
    {
        var page = new Page(sizes.PageEntriesMax, sizes.PageBytesMax);
        foreach (var proof in serve.Proofs.Distinct().TakeWhile(_ => page.HasRoom))
        {
            page.Add(proof);
        }

        foreach (var revocation in serve.Revocations.TakeWhile(_ => page.HasRoom))
        {
            page.Add([revocation]);
        }

        foreach (var want in serve.Wants)
        {
            foreach (var slots in want.Entries.TakeWhile(_ => page.HasRoom))
            {
                page.Add(await store
                    .ReadAsync(
                        serve.Topic, want.Log, slots, page.ItemsLeft, page.BytesLeft, stop)
                    .ConfigureAwait(false));
            }

            foreach (var seq in want.Headers.TakeWhile(_ => page.HasRoom))
            {
                page.Add(await store
                    .ReadHeadersAsync(serve.Topic, want.Log, new SeqRange(seq, seq), 1, stop)
                    .ConfigureAwait(false));
            }
        }

        return page.ToResponse(serve);
    }

    /// <summary>What is in it so far, and what still fits.</summary>
    private sealed class Page(int itemsMax, int bytesMax)
    {
        private readonly ImmutableArray<Entry>.Builder _entries =
            ImmutableArray.CreateBuilder<Entry>();

        private readonly ImmutableArray<SignedHeader>.Builder _headers =
            ImmutableArray.CreateBuilder<SignedHeader>();

        private readonly ImmutableArray<ForkProof>.Builder _proofs =
            ImmutableArray.CreateBuilder<ForkProof>();

        public int ItemsLeft { get; private set; } = itemsMax;

        public int BytesLeft { get; private set; } = bytesMax;

        public bool HasRoom => ItemsLeft > 0 && BytesLeft > 0;

        private bool IsEmpty => _entries.Count + _headers.Count + _proofs.Count == 0;

        public void Add(ForkProof proof)
        {
            if (Take(1, SizeOf(proof.First) + SizeOf(proof.Second)))
            {
                _proofs.Add(proof);
            }
        }

        public void Add(ImmutableArray<Entry> entries)
        {
            if (Take(entries.Length, entries.Sum(e => e.Size)))
            {
                _entries.AddRange(entries);
            }
        }

        public void Add(ImmutableArray<SignedHeader> headers)
        {
            if (Take(1, headers.Sum(SizeOf)))
            {
                _headers.AddRange(headers);
            }
        }

        public GossipMessage.PullResponse ToResponse(Effect.Serve serve) => new(
            serve.Topic, serve.Request, _entries.DrainToImmutable(), _headers.DrainToImmutable(),
            _proofs.DrainToImmutable());

        private static int SizeOf(SignedHeader header) =>
            header.HeaderBytes.Length + SignedHeader.SignatureBytes;

        /// <summary>False when they do not fit any more: then nothing does.</summary>
        private bool Take(int items, int bytes)
        {
            var fits = IsEmpty || bytes <= BytesLeft;
            ItemsLeft -= items;
            BytesLeft -= bytes;
            return fits;
        }
    }
}
