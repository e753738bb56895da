using System.Globalization;
using System.Net;

namespace Gossip.Host.Api;

/// <summary>Where is the API offered, and is that this machine alone?</summary>
internal static class ApiAddress
{
    /// <summary>Null and a reason when the text is no address of a machine with a port.</summary>
    public static IPEndPoint? Parse(string text, out string reason)
    {
        reason = $"API address '{text}': expected host:port, for example 127.0.0.1:7780; "
            + "port 0 lets the system choose.";
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None,
            CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var host = text[..colon];
        if (Loopback(host) is { } own)
        {
            return new(own, port);
        }

        if (IPAddress.TryParse(host, out var address))
        {
            return new(address, port);
        }

        reason = $"API address '{text}': '{host}' is neither localhost nor an IP address of this "
            + "machine; 0.0.0.0 and [::] stand for all of them.";
        return null;
    }

    public static bool IsLoopback(IPEndPoint address) => IPAddress.IsLoopback(address.Address);

    /// <summary>Null when the name is not one that only this machine has.</summary>
    public static IPAddress? Loopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address) ? address
        : null;
}
