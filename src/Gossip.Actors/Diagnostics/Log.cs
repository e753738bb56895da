using Gossip.Actors.Protocol;
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

    /// <summary>What happened to logs and peers that a person may have to look at.</summary>
    public static void Happened(this ILogger logger, NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.Closed(_, { Proof.IsEnd: true } closure, _):
                logger.LogEnded(closure.Proof.First.Header.Log.ToString(), closure.Slot);
                break;
            case NodeEvent.Closed(_, var closure, _):
                logger.LogForked(closure.Proof.First.Header.Log.ToString(), closure.Slot);
                break;
            case NodeEvent.KeyReplaced(var old, var next):
                logger.KeyReplaced(old.ToString(), next.ToString());
                break;
            case NodeEvent.Revoked(var topic, var log, var from, _):
                logger.LogRevoked(topic.ToString(), log.ToString(), from);
                break;
            case NodeEvent.PartitionSuspected(var peer, _):
                logger.PartitionSuspected(peer.ToString());
                break;
            case NodeEvent.PartitionHealed(var peer, var after):
                logger.PartitionHealed(peer.ToString(), after.TotalSeconds);
                break;
            case NodeEvent.PeerJudged(var peer, var standing, var reason):
                logger.PeerJudged(peer.ToString(), standing, reason);
                break;
            case NodeEvent.TwinSeen({ Log: { } log }):
                logger.TwinWrites(log.ToString());
                break;
            case NodeEvent.TwinSeen(var twin):
                logger.TwinMet(twin.Address);
                break;
        }
    }

    [LoggerMessage(
        LogLevel.Error,
        "topic actor {name} of {topic} is parked at {position}: gossip actor resume [--skip]")]
    public static partial void TopicActorParked(
        this ILogger logger, string name, string topic, long? position, Exception fault);

    [LoggerMessage(LogLevel.Warning, "topic actor {name} threw when it was told of slot {slot}")]
    public static partial void ClosureRefused(
        this ILogger logger, string name, long slot, Exception fault);

    [LoggerMessage(
        LogLevel.Warning, "the snapshot of {name} is not kept, a restart replays more: {reason}")]
    public static partial void SnapshotFailed(this ILogger logger, string name, string reason);

    [LoggerMessage(LogLevel.Warning, "the gate of {topic} is tried again in a moment: {reason}")]
    public static partial void GateStuck(this ILogger logger, string topic, string reason);

    [LoggerMessage(
        LogLevel.Warning, "a ban or its end is not kept, the next start may not know: {reason}")]
    public static partial void ExclusionNotKept(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "{peer} stands {standing} from now on: {reason}")]
    private static partial void PeerJudged(
        this ILogger logger, string peer, Standing standing, string reason);

    [LoggerMessage(LogLevel.Warning, "a log is closed at {slot}: {log} has two histories")]
    private static partial void LogForked(this ILogger logger, string log, long slot);

    [LoggerMessage(LogLevel.Warning, "the key of {old} is rotated: restart it to be {next}")]
    private static partial void KeyReplaced(this ILogger logger, string old, string next);

    [LoggerMessage(
        LogLevel.Information, "the policy of {topic} takes away {log} from slot {slot} on")]
    private static partial void LogRevoked(
        this ILogger logger, string topic, string log, long slot);

    [LoggerMessage(LogLevel.Information, "{log} was ended by its author before {slot}")]
    private static partial void LogEnded(this ILogger logger, string log, long slot);

    [LoggerMessage(LogLevel.Warning, "{peer} has been silent for long: a partition, or it is down")]
    private static partial void PartitionSuspected(this ILogger logger, string peer);

    [LoggerMessage(
        LogLevel.Warning,
        "another process runs with this node's key, at {address}: both go on, in logs of their "
        + "own; give each node a key of its own")]
    private static partial void TwinMet(this ILogger logger, string address);

    [LoggerMessage(
        LogLevel.Warning,
        "another process runs with this node's key: it writes {log}; give each node a key of its "
        + "own")]
    private static partial void TwinWrites(this ILogger logger, string log);

    [LoggerMessage(LogLevel.Information, "{peer} holds the same again, after {seconds} s apart")]
    private static partial void PartitionHealed(
        this ILogger logger, string peer, double seconds);
}
