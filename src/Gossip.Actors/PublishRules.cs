using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors;

/// <summary>Can this be published by one call? Checked before anything waits.</summary>
internal static class PublishRules
{
    /// <exception cref="GossipException">
    /// payloads-none, payload-too-large, payloads-too-many.
    /// </exception>
    public static void Check(ImmutableArray<Payload> payloads, GossipSizes sizes)
    {
        if (payloads.IsDefaultOrEmpty)
        {
            throw new GossipException("payloads-none", "Publish at least one payload.");
        }

        for (var i = 0; i < payloads.Length; i++)
        {
            if (payloads[i].Data.Length > sizes.PayloadBytesMax)
            {
                throw new GossipException(
                    "payload-too-large",
                    $"Payload {i} has {payloads[i].Data.Length} bytes; at most "
                    + $"{sizes.PayloadBytesMax} (payload-bytes-max). Publish a reference instead.");
            }
        }

        if (!Author.FitsOneEntry(payloads))
        {
            throw new GossipException(
                "payloads-too-many",
                $"The payloads of one call share one entry: at most {Limits.PayloadsPerEntryMax} "
                + $"and {Limits.PayloadListBytesMax} bytes with their headers. Use several calls.");
        }
    }
}
