using System.Diagnostics;

namespace Gossip.Actors.Protocol;

/// <summary>Which machine: one per node, one per topic, one per link.</summary>
public abstract record MachineId
{
    private MachineId()
    {
    }

    public sealed record PeerBook : MachineId;

    public sealed record ClockLedger : MachineId;

    public sealed record AntiEntropy : MachineId;

    public sealed record Reputation : MachineId;

    public sealed record Retention : MachineId;

    public sealed record Topic(TopicId Id) : MachineId;

    public sealed record Session(Link Link) : MachineId;

    public static readonly PeerBook Book = new();

    public static readonly ClockLedger Ledger = new();

    public static readonly AntiEntropy Rounds = new();

    public static readonly Reputation Trust = new();

    public static readonly Retention Shelves = new();
}

/// <summary>
/// Who hears what? The one table, shared by every runtime and by the simulator. Recipients that do
/// not exist any more are passed over.
/// </summary>
public static class Routing
{
    /// <summary>A recipient that stands for every topic, or every session.</summary>
    public enum Everyone
    {
        Nobody,
        Topics,
        Sessions,
    }

    public static (MachineId[] Some, Everyone All) Of(Signal signal) => signal switch
    {
        Signal.Frame(var link, _) => To(new MachineId.Session(link)),
        Signal.LinkClosed(var link, _) => To(new MachineId.Session(link)),
        Signal.LivenessDue(var link) => To(new MachineId.Session(link)),
        Signal.Send(var link, _) => To(new MachineId.Session(link)),
        Signal.TopicCarried => ([MachineId.Ledger, MachineId.Shelves], Everyone.Sessions),
        Signal.KeptFor or Signal.Surveyed or Signal.SweepDue => To(MachineId.Shelves),

        Signal.PeerUp => To(MachineId.Book, MachineId.Trust),
        Signal.PeerDown => (
            [MachineId.Book, MachineId.Ledger, MachineId.Rounds, MachineId.Trust],
            Everyone.Topics),
        Signal.Misbehaved or Signal.NotSigned or Signal.PromiseKept or Signal.StandingDue
            or Signal.Pardoned or Signal.Blocked or Signal.Unblocked => To(MachineId.Trust),
        Signal.Distrusted => ([MachineId.Book, MachineId.Rounds], Everyone.Topics),
        Signal.DialFailed or Signal.RedialDue or Signal.MembersAt or Signal.Discovered
            or Signal.Vanished => To(MachineId.Book),

        Signal.Subscribed(_, _, var topic, _) =>
            To(MachineId.Ledger, MachineId.Rounds, new MachineId.Topic(topic)),
        Signal.Received(_, _, var message, _) => To(Of(message)),
        Signal.Advanced or Signal.Withdrawn or Signal.HeadsDue or Signal.Compare
            or Signal.CaughtUp => To(MachineId.Ledger),
        Signal.RoundDue or Signal.RoundExpired or Signal.RoundEnded or Signal.SyncAsked
            or Signal.SilenceDue => To(MachineId.Rounds),

        Signal.Called called => To(new MachineId.Topic(called.Topic)),
        Signal.Recalled recalled => To(new MachineId.Topic(recalled.Asked.Topic)),
        Signal.Shown(_, var topic, _, _) => To(new MachineId.Topic(topic)),
        Signal.Trim(var topic, _) => To(new MachineId.Topic(topic)),
        Signal.Stored(var topic, _) => To(new MachineId.Topic(topic)),
        Signal.Found(var topic, _, _, _) => To(new MachineId.Topic(topic)),
        Signal.Loaded(var topic, _, _) => To(new MachineId.Topic(topic)),
        Signal.PullDue(var topic) => To(new MachineId.Topic(topic)),
        Signal.PullExpired(var topic, _, _) => To(new MachineId.Topic(topic)),

        _ => throw new UnreachableException($"BUG! Nobody hears {signal.GetType().Name}."),
    };

    private static MachineId Of(GossipMessage message) => message switch
    {
        GossipMessage.Announcement(var topic, _, _) => new MachineId.Topic(topic),
        GossipMessage.PullRequest(var topic, _, _) => new MachineId.Topic(topic),
        GossipMessage.PullResponse(var topic, _, _, _, _) => new MachineId.Topic(topic),
        GossipMessage.Heads or GossipMessage.AntiEntropy => MachineId.Ledger,
        _ => throw new UnreachableException(
            $"BUG! A session passed on {message.GetType().Name}."),
    };

    private static (MachineId[] Some, Everyone All) To(params MachineId[] machines) =>
        (machines, Everyone.Nobody);
}
