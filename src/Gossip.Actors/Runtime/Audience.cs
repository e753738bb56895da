using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>Who outside the machines is told what they do? Nobody here can delay them.</summary>
internal sealed class Audience
{
    public Audience(int eventsMax) =>
        Events = new(eventsMax, () => Board.Exceed(LimitKind.Events, 1));

    /// <summary>People who look.</summary>
    public StatusBoard Board { get; } = new();

    /// <summary>Callers who wait for an answer.</summary>
    public Calls Calls { get; } = new();

    /// <summary>Readers who wait for entries.</summary>
    public Positions Positions { get; } = new();

    /// <summary>Publishers who wait for peers.</summary>
    public Holders Holders { get; } = new();

    /// <summary>Watchers of events.</summary>
    public EventStreams Events { get; }

    /// <summary>The node has stopped: whoever still waits hears so.</summary>
    public void Dismiss()
    {
        Calls.Close(Reasons.Stopped);
        Positions.Stop();
        Holders.Stop();
        Events.Stop();
    }
}
