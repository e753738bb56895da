using System.Globalization;
using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>
/// What does a publish wait for, and under which key? <c>acks=local</c> or <c>acks=peers(2)</c>,
/// <c>acks-timeout=5s</c>, <c>key=order-17</c>. A name that is not known is refused: whoever
/// mistypes <c>acks</c> must not believe that peers hold it.
/// </summary>
internal static class PublishQuery
{
    public const string Acks = "acks";
    public const string AcksTimeout = "acks-timeout";
    public const string Key = "key";

    /// <summary>As long as a node's own setting may be.</summary>
    private const double TimeoutMaxMilliseconds = 3_600_000;

    private const string Peers = "peers(";

    public static PublishOptions Read(IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(name => name is not (Acks or AcksTimeout or Key)) is { } odd)
        {
            throw ApiException.Invalid("query-invalid",
                $"'{odd}' is no parameter of a publish: {Acks}, {AcksTimeout} or {Key}.");
        }

        var options = new PublishOptions
        {
            Acks = One(query, Acks) is { } acks ? ParseAcks(acks) : Actors.Acks.Local,
            AcksTimeout = One(query, AcksTimeout) is { } timeout ? ParseTimeout(timeout) : null,
            Key = One(query, Key) is { } key ? ParseKey(key) : null,
        };
        return options.AcksTimeout is null || options.Acks.PeerCount > 0
            ? options
            : throw ApiException.Invalid("acks-timeout-invalid",
                $"{AcksTimeout} is for {Acks}=peers(k): nobody else is waited for.");
    }

    internal static Acks ParseAcks(string text)
    {
        var number = text.StartsWith(Peers, StringComparison.Ordinal) && text.EndsWith(')')
            ? text[Peers.Length..^1]
            : text;
        return text == "local" ? Actors.Acks.Local
            : int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count is >= 1 and <= Actors.Acks.PeersMax ? Actors.Acks.Peers(count)
            : throw ApiException.Invalid("acks-invalid",
                $"{Acks}: local, or peers(k) with k from 1 to {Actors.Acks.PeersMax}, not "
                + $"'{text}'.");
    }

    internal static TimeSpan ParseTimeout(string text)
    {
        var number = text.TrimEnd('m', 's');
        var factor = text[number.Length..] switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            _ => 0,
        };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var value)
            && value * factor is >= 1 and <= TimeoutMaxMilliseconds
            ? TimeSpan.FromMilliseconds(value * factor)
            : throw ApiException.Invalid("acks-timeout-invalid",
                $"{AcksTimeout}: 1ms to 60m, for example 500ms, 5s or 2m, not '{text}'.");
    }

    private static PublishKey ParseKey(string text) => PublishKey.IsValid(text)
        ? new(text)
        : throw ApiException.Invalid("key-invalid",
            $"{Key}: 1 to {PublishKey.BytesMax} bytes of UTF-8, not {text.Length} characters.");

    private static string? One(IQueryCollection query, string name) => query[name] switch
    {
        [] => null,
        [var text] => text,
        _ => throw ApiException.Invalid($"{name}-invalid", $"{name} stands there twice."),
    };
}
