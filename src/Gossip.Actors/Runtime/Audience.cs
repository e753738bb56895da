using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>Who outside the machines is told what they do? Nobody here can delay them.</summary>
internal sealed class Audience
{
    public Audience(int eventsMax, ForeignWriting foreign) => (Foreign, Events) = (
        foreign, new(eventsMax, () => Board.Exceed(LimitKind.Events, 1)));

    /// <summary>People who look.</summary>
    public StatusBoard Board { get; } = new();

    /// <summary>Callers who wait for an answer.</summary>
    public Calls Calls { get; } = new();

    /// <summary>Readers who wait for entries.</summary>
    public Positions Positions { get; } = new();

    /// <summary>Publishers who wait for peers.</summary>
    public Holders Holders { get; } = new();

    /// <summary>What somebody else writes under this node's key.</summary>
    public ForeignWriting Foreign { get; }

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
