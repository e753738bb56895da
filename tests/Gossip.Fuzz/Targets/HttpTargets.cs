using System.Collections.Immutable;
using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Fuzz.Inputs;
using Gossip.Fuzz.Loops;
using Gossip.Host.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Gossip.Fuzz.Targets;

/// <summary>
/// Which payloads does a request bring? The first line of an input is its content type, the rest
/// its body.
/// </summary>
internal sealed class PublishBodyTarget : Target
{
    private static readonly GossipOptions Options = new();

    private readonly TextMutator _mutator = new(
        "{\"data\":\"x\"}", "{\"base64\":\"AAEC\"}", "\"headers\"",
        ",\"headers\":{\"a\":\"b\"}", "data",
        "base64", "{", "}", "[", "]", ":", ",", "\"", "\\", "\\ud800", "\\u0000", "\n", "\r\n", "=",
        PublishBody.BatchType, "text/plain", "; charset=utf-8");

    public override string Name => "http-publish";

    public override int BytesMax => 32 * 1024;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        string[] bodies =
        [
            "\n", "text/plain\nhello", "application/json\n{\"a\":1}",
            $"{PublishBody.BatchType}\n{{\"data\":\"one\"}}\n\n{{\"base64\":\"AAEC\"}}\n",
            $"{PublishBody.BatchType}; a=b\n{{\"data\":\"ä\",\"headers\":{{\"k\":\"v\"}}}}",
        ];
        return bodies.Select(Encoding.UTF8.GetBytes);
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        _mutator.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input)
    {
        var line = Array.IndexOf(input, (byte)'\n');
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpMaxRequestBodySizeFeature>(new SizeLimit());
        context.Request.ContentType = line <= 0 ? null : Encoding.Latin1.GetString(input, 0, line);
        context.Request.Body = new MemoryStream(input, line + 1, input.Length - line - 1);
        context.Request.ContentLength = input.Length % 2 == 0 ? null : input.Length - line - 1;
        return () => Routes.Answer(
            () => PublishBody.ReadAsync(context.Request, Options, default));
    }

    public override string Judge(byte[] input, object? result) => result switch
    {
        ApiException refusal => Routes.Told(refusal),
        ImmutableArray<Payload> { IsEmpty: false } payloads => Checked(payloads),
        _ => throw new BrokenPromiseException("neither payloads nor a reason"),
    };

    /// <summary>What the web server is told by default.</summary>
    private sealed class SizeLimit : IHttpMaxRequestBodySizeFeature
    {
        public bool IsReadOnly => true;

        public long? MaxRequestBodySize { get; set; } = 6 * 1024 * 1024;
    }

    /// <summary>The rules of the node come next; they refuse in their own words.</summary>
    private static string Checked(ImmutableArray<Payload> payloads)
    {
        try
        {
            PublishRules.Check(payloads, Options.Sizes);
        }
        catch (GossipException refusal)
        {
            return refusal.Code;
        }

        return EntryFormat.DecodePayloads(EntryFormat.EncodePayloads(payloads)).Length
            == payloads.Length
            ? $"{Math.Min(payloads.Length, 3)} payloads"
            : throw new BrokenPromiseException("payloads are lost");
    }
}

/// <summary>
/// What do the small JSON bodies ask for? The first byte decides which of them it is.
/// </summary>
internal sealed class JsonBodyTarget : Target
{
    private readonly TextMutator _mutator = new(
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\ud800", "null", "true", "position", "peer",
        "\"position\":7", "{\"position\":", "{\"peer\":", "1e3", "9223372036854775807", "-0",
        "\"did:key:z\"", "[[[[[[[[", "{\"a\":{\"a\":", "subject", "weight",
        "note", "reason", "did", "writes", "entriesMax", "address", "label", "kind", "role");

    public override string Name => "http-json";

    public override IEnumerable<byte[]> Samples(Random random)
    {
        string[] bodies =
        [
            "s", "s{\"position\":17}", "s{\"position\":null}", "s{}", "sn", "p{}", "p",
            $"p{{\"peer\":\"{Author.Keys.Self}\"}}", "p{\"peer\":null}", "b{\"reason\":\"spam\"}",
            $"t{{\"subject\":\"{Author.Keys.Self}\",\"weight\":0.8,\"note\":\"x\"}}",
            "c{\"label\":\"news\",\"kind\":\"private\",\"keepSeconds\":1e5,\"keepBytes\":7}",
            "i{\"did\":\"x\",\"writes\":true,\"entriesMax\":9,\"address\":\"a:1\"}",
        ];
        return bodies.Select(Encoding.UTF8.GetBytes);
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        _mutator.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(input.Length == 0 ? [] : input[1..]);
        return (char)input.FirstOrDefault() switch
        {
            's' => () => Routes.Answer(() => SubscriptionRoutes.PositionAsync(context)),
            'b' => () => Routes.Answer(() => PeerRoutes.ReasonAsync(context)),
            't' => () => Routes.Answer(() => TrustRoutes.BodyAsync(context)),
            'c' => () => Routes.Answer(
                () => PolicyRoutes.ReadAsync(context, ApiJson.Shared.CreateShape, "a topic")),
            'i' => () => Routes.Answer(
                () => PolicyRoutes.ReadAsync(context, ApiJson.Shared.InviteShape, "whom")),
            _ => () => Routes.Answer(() => NodeRoutes.PeerAsync(context)),
        };
    }

    public override string Judge(byte[] input, object? result) => result switch
    {
        null => "nothing asked",
        ApiException refusal => Routes.Told(refusal),
        long => "a position",
        _ => result.GetType().Name,
    };
}

/// <summary>What do the parameters of a request ask for? The input is its query.</summary>
internal sealed class QueryTarget : Target
{
    private readonly TextMutator _mutator = new(
        "?", "&", "=", "+", "%", "acks", "acks=local", "acks=peers(2)", "acks-timeout", "5s",
        "250ms",
        "1.5m", "key", "after", "after=17.3", "limit", "limit=100", "skip", "skip=true", "peers(",
        ")", "now", "1e5", "NaN", ".");

    public override string Name => "http-query";

    /// <summary>The web server takes no longer line.</summary>
    public override int BytesMax => 8 * 1024;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        string[] queries =
        [
            "", "?", "?acks=local", "?acks=peers(2)&acks-timeout=5s", "?key=order-17",
            "?after=17.3&limit=10", "?skip", "?skip=false&limit=0", "?acks=3&acks=4",
        ];
        return queries.Select(Encoding.UTF8.GetBytes);
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        _mutator.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input)
    {
        var query = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(input));
        var context = new DefaultHttpContext();
        context.Request.Query = new QueryCollection(query);
        return () => new[]
        {
            Routes.Answer(() => PublishQuery.Read(context.Request.Query)),
            Routes.Answer(() => Query.After(context.Request.Query["after"])),
            Routes.Answer(() => Query.Limit(context, 100, 1000)),
            Routes.Answer(() => Query.Flag(context, "skip")),
        };
    }

    public override string Judge(byte[] input, object? result) => string.Join(
        ", ", ((object?[])result!).Select(part => part switch
        {
            ApiException refusal => Routes.Told(refusal),
            Cursor cursor => Cursor.TryParse($"{cursor}", out var again) && again == cursor
                ? "a cursor"
                : throw new BrokenPromiseException($"{cursor} reads as {again}"),
            int and (< 1 or > 1000) => throw new BrokenPromiseException($"a limit of {part}"),
            _ => part?.GetType().Name ?? "none",
        }));
}

/// <summary>What does a route answer, or why does it refuse?</summary>
internal static class Routes
{
    public static object? Answer<T>(Func<T> route)
    {
        try
        {
            return route();
        }
        catch (ApiException refusal)
        {
            return refusal;
        }
    }

    /// <summary>Bodies in memory are there at once: nothing is waited for.</summary>
    public static object? Answer<T>(Func<Task<T>> route) =>
        Answer(() => route().GetAwaiter().GetResult());

    public static string Told(ApiException refusal) =>
        refusal is { Code.Length: > 0, Message.Length: > 0, Status: >= 400 and < 500 }
            ? refusal.Code
            : throw new BrokenPromiseException($"a refusal without a word: {refusal.Status}");
}
