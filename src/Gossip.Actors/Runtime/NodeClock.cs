using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>Which moment is it? One start for every machine of a node.</summary>
internal sealed class NodeClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time => time;

    public Moment Now => new(
        time.GetElapsedTime(_start), time.GetUtcNow().ToUnixTimeMilliseconds());
}
