using Akka.Actor;
using Akka.Remote;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;
using AkkaAddress = Akka.Actor.Address;

namespace Gossip.Akka.Remoting;

/// <summary>
/// What does the other end of this connection say? One actor on each side: first a handshake, then
/// chunks of bytes. An association that breaks breaks its lines, as a socket would.
/// </summary>
/// <remarks>
/// There is no DeathWatch: akka.remote.untrusted-mode keeps it from working between systems, and
/// an end is said, an association's end is an event, and silence has its deadline.
/// </remarks>
internal abstract class Line(LineSettings settings) : UntypedActor
{
    /// <summary>As long as a TCP connection waits for the other end to end as well.</summary>
    private static readonly TimeSpan LingerTimeout = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _gone =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IActorRef? _peer;
    private OpenLine? _open;
    private string? _failure = "its actor stopped";
    private ITimer? _timer;

    protected LineSettings Settings => settings;

    protected LineSecret Secret { get; } = new();

    /// <summary>Where the other end is, as soon as that is known.</summary>
    protected abstract AkkaAddress Remote { get; }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(RemotingLifecycleEvent));
        After(settings.Times.HandshakeTimeout, new LineOrder.GiveUp(LineRefusal.Unexpected));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _timer?.Dispose();
        Secret.Dispose();
        _open?.End();
        _open?.Close(_failure);
        _gone.TrySetResult();
    }

    /// <summary>A line that failed does not come back: its peer counts on what it said.</summary>
    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LineOrder order:
                Obey(order);
                break;
            case RemotingLifecycleEvent change:
                OnChange(change);
                break;
            case byte[] chunk when _open is not null:
                OnChunk(chunk, _open);
                break;
            case LineMessage or ActorIdentity when _open is null:
                Shake(message);
                break;
            case Refused when _open is { HasHeard: false } && Sender.Equals(_peer):
                Break("the peer does not take the key that this node proved, or came too late");
                break;
            default:
                settings.Refusals.Add(LineRefusal.Unexpected);
                break;
        }
    }

    protected abstract void Shake(object message);

    /// <summary>It will not open.</summary>
    protected abstract void Fail(LineRefusal why, string text);

    protected Carrier Open(
        Did did,
        string address,
        IActorRef peer,
        Knock offer,
        (byte[] Send, byte[] Receive) keys)
    {
        _timer?.Dispose();
        _peer = peer;
        var open = new OpenLine(
            Self, peer, keys, (settings.WindowTo(offer), settings.Window), settings.Refusals);
        _open = open;
        var (self, gone) = (Self, _gone.Task);
        return new(did, address, open.Input, open.Output, CloseAsync);

        async ValueTask CloseAsync()
        {
            open.Output.Fail("it was closed here");
            await open.Input.CompleteAsync().ConfigureAwait(false);
            if (!gone.IsCompleted)
            {
                self.Tell(LineOrder.Close.Now);
            }

            await gone.ConfigureAwait(false);
        }
    }

    /// <summary>Null when its shares make no keys, or its window holds not even a chunk.</summary>
    protected (byte[] FromDialler, byte[] FromDoor)? Agree(LineHandshake handshake, Knock other) =>
        other.Window >= LineLimits.ChunkBytesMax
            ? Secret.Agree(other.Share, handshake.Transcript)
            : null;

    private void OnChunk(byte[] chunk, OpenLine open)
    {
        if (!Sender.Equals(_peer))
        {
            settings.Refusals.Add(LineRefusal.Stranger);
        }
        else if (open.Take(chunk) is { } end)
        {
            Break(end.Length == 0 ? null : end);
        }
    }

    private void OnChange(RemotingLifecycleEvent change)
    {
        var why = change switch
        {
            DisassociatedEvent e when e.RemoteAddress.Equals(Remote) => "the association ended",
            AssociationErrorEvent e when e.RemoteAddress.Equals(Remote) => "the association failed",
            QuarantinedEvent e when e.Address.Equals(Remote) =>
                "the peer's actor system is quarantined here until one of them starts anew",
            ThisActorSystemQuarantinedEvent e when e.RemoteAddress.Equals(Remote) =>
                "this actor system is quarantined there until one of them starts anew",
            RemotingShutdownEvent => "remoting shuts down",
            _ => null,
        };
        if (why is null)
        {
            return;
        }

        if (_open is not null)
        {
            Break(why);
        }
        else
        {
            OnUnreachable(change, why);
        }
    }

    protected virtual void OnUnreachable(RemotingLifecycleEvent change, string why) =>
        Context.Stop(Self);

    private void Obey(LineOrder order)
    {
        switch (order)
        {
            case LineOrder.GiveUp late when _open is null:
                Fail(late.Why, "it took too long");
                break;
            case LineOrder.Close when _open is not null:
                _open.End();
                After(LingerTimeout, LineOrder.Lingered.Now);
                break;
            case LineOrder.Close or LineOrder.Lingered:
                Context.Stop(Self);
                break;
            default:
                // Late by a moment: it is open, and the doorkeeper has let it in.
                break;
        }
    }

    private void Break(string? why)
    {
        _failure = why;
        Context.Stop(Self);
    }

    private void After(TimeSpan wait, LineOrder order)
    {
        _timer?.Dispose();
        var self = Self;
        _timer = settings.Time.CreateTimer(
            _ => self.Tell(order), null, wait, Timeout.InfiniteTimeSpan);
    }
}
