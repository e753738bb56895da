using System.Globalization;

namespace Gossip.Actors.Transport;

/// <summary>What does "host:port" mean? IPv6 hosts stand in brackets.</summary>
internal readonly record struct Address(string Host, int Port)
{
    /// <exception cref="TransportException">The text is no address.</exception>
    public static Address Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return HostIn(text[..Math.Max(colon, 0)]) is { Length: > 0 } host
            && ushort.TryParse(
                text.AsSpan(colon + 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var port)
            ? new(host, port)
            : throw new TransportException(
                $"'{text}' is no address; expected host:port with a port of 0 to 65535.");
    }

    /// <summary>Without its brackets; null when one of them is missing.</summary>
    private static string? HostIn(string text) =>
        (text is ['[', .. var inner, ']'] ? inner : text) is var host
            && !host.AsSpan().ContainsAny('[', ']') ? host : null;

    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
