using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Diagnostics;

/// <summary>Every line that a node logs.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{did} listens on {address}, keeps entries in {store}")]
    public static partial void NodeStarted(
        this ILogger logger, string did, string address, string store);

    [LoggerMessage(LogLevel.Information, "stopped: {reason}")]
    public static partial void NodeStopped(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "{actor} failed and restarts in {milliseconds} ms")]
    public static partial void ActorFailed(
        this ILogger logger, string actor, double milliseconds, Exception fault);

    [LoggerMessage(LogLevel.Error, "{actor} failed; its link ends")]
    public static partial void SessionFailed(
        this ILogger logger, string actor, Exception fault);

    [LoggerMessage(LogLevel.Information, "connected to {peer} at {address}")]
    public static partial void PeerConnected(this ILogger logger, string peer, string address);

    [LoggerMessage(LogLevel.Information, "disconnected from {address}: {reason}")]
    public static partial void PeerDisconnected(
        this ILogger logger, string address, string reason);

    [LoggerMessage(LogLevel.Debug, "cannot reach {address}: {reason}")]
    public static partial void DialFailed(this ILogger logger, string address, string reason);

    [LoggerMessage(LogLevel.Debug, "refused ({code}): {detail}")]
    public static partial void Refused(this ILogger logger, string code, string detail);

    [LoggerMessage(LogLevel.Warning, "the store was moved: {reason}; new incarnations begin")]
    public static partial void StoreMoved(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "a log is closed at {slot}: {log} has two histories")]
    public static partial void LogClosed(this ILogger logger, string log, long slot);
}
