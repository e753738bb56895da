using System.Collections.Immutable;
using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>
/// Which payloads does a request bring? With <c>application/x-ndjson</c> each line is one:
/// <c>{"data":"text"}</c> or <c>{"base64":"…"}</c>, with optional <c>"headers"</c>. Otherwise the
/// body is one payload, and its Content-Type is kept as its header <c>content-type</c>.
/// </summary>
internal static class PublishBody
{
    public const string BatchType = "application/x-ndjson";

    public static async Task<ImmutableArray<Payload>> ReadAsync(
        HttpRequest request, GossipOptions options, CancellationToken stop)
    {
        var type = request.ContentType;
        var isBatch = IsBatch(type);
        var bytesMax = isBatch ? (int)Body.Limit(request) : options.Sizes.PayloadBytesMax;
        if (request.ContentLength > bytesMax)
        {
            throw TooLarge(isBatch, bytesMax);
        }

        var bytes = await Body.ReadAsync(request, bytesMax, stop)
            ?? throw TooLarge(isBatch, bytesMax);
        return isBatch
            ? ParseLines(bytes)
            : [new(bytes, type is null ? [] : [KeyValuePair.Create("content-type", type)])];
    }

    private static bool IsBatch(ReadOnlySpan<char> type) =>
        (type.IndexOf(';') is >= 0 and var end ? type[..end] : type).Trim()
        .Equals(BatchType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The bytes are the payloads' from then on.</summary>
    internal static ImmutableArray<Payload> ParseLines(Memory<byte> bytes)
    {
        var payloads = ImmutableArray.CreateBuilder<Payload>(Math.Min(
            1 + bytes.Span.Count((byte)'\n'), Limits.PayloadsPerEntryMax + 1));
        var number = 0;
        for (var rest = bytes; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            number++;
            if (line.Span.TrimStart(" \r\t"u8).IsEmpty)
            {
                continue;
            }

            payloads.Add(ParseLine(line, number));
            if (payloads.Count > Limits.PayloadsPerEntryMax)
            {
                throw ApiException.TooLarge("payloads-too-many",
                    $"At most {Limits.PayloadsPerEntryMax} payloads a request; send the rest in "
                    + "another.");
            }
        }

        return payloads.Count > 0
            ? payloads.DrainToImmutable()
            : throw ApiException.Invalid("body-invalid",
                "The batch is empty: one line per payload, {\"data\":\"text\"} or "
                + "{\"base64\":\"…\"}.");
    }

    private static Payload ParseLine(Memory<byte> line, int number)
    {
        try
        {
            return PublishLine.Read(line);
        }
        catch (FormatException e)
        {
            throw ApiException.Invalid("body-invalid",
                $"Line {number} of the batch: {e.Message}. Nothing of the batch was published.");
        }
    }

    private static ApiException TooLarge(bool isBatch, long bytesMax) => isBatch
        ? ApiException.TooLarge("body-too-large",
            $"A batch has at most {bytesMax} bytes; send it in parts.")
        : ApiException.TooLarge("payload-too-large",
            $"A payload has at most {bytesMax} bytes; keep larger content elsewhere and publish "
            + "its hash.");
}
