using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors;

/// <summary>Can this be published by one call? Checked before anything waits.</summary>
internal static class PublishRules
{
    /// <exception cref="GossipException">
    /// payloads-none, payload-header-invalid, payload-too-large, payloads-too-many.
    /// </exception>
    public static void Check(ImmutableArray<Payload> payloads, GossipSizes sizes)
    {
        if (payloads.IsDefaultOrEmpty)
        {
            throw new GossipException("payloads-none", "Publish at least one payload.");
        }

        for (var i = 0; i < payloads.Length; i++)
        {
            var headers = payloads[i].Headers;
            if (!headers.All(h => PublishKey.IsText(h.Key) && PublishKey.IsText(h.Value)))
            {
                throw new GossipException(
                    "payload-header-invalid",
                    $"Payload {i}: a header's name and value are Unicode text; half a surrogate "
                    + "pair is none. Cut text between characters, or put bytes into the payload.");
            }

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

    /// <exception cref="GossipException">topic-reserved.</exception>
    public static void Check(TopicName topic)
    {
        if (topic == SystemTopic.Trust)
        {
            throw new GossipException(
                "topic-reserved",
                $"'{topic}' holds attestations and nothing else: use AttestAsync, or gossip trust "
                + "add.");
        }
    }

    /// <exception cref="GossipException">acks-timeout-invalid.</exception>
    public static void Check(PublishOptions options)
    {
        if (options.AcksTimeout is { } timeout
            && (timeout < GossipTimes.Shortest || timeout > GossipTimes.Longest))
        {
            throw new GossipException(
                "acks-timeout-invalid",
                $"acks-timeout: {GossipTimes.Shortest} to {GossipTimes.Longest}, not {timeout}.");
        }
    }
}
