namespace Gossip.Actors.Protocol;

/// <summary>
/// How is somebody sent away who may not talk here? Stands in the place of a session when the
/// identity that the connection proved is barred: it says why, and hears nothing.
/// </summary>
public sealed class ShutDoor(Link link, Did proven, string? dialedAddress, string reason)
    : IMachine
{
    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.Started:
                Close(outbox);
                break;
            case Signal.Frame frame:
                outbox.Add(new Effect.Credit(link, frame.Cost));
                break;
            case Signal.Send or Signal.TopicCarried or Signal.LinkClosed or Signal.LivenessDue
                or Signal.Restate or Signal.Stopping:
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }
    }

    private void Close(Outbox outbox)
    {
        outbox.Refuse(RefusalCode.PeerBanned, $"{proven.Tail}: {reason}");
        var goodbye = new GossipMessage.Goodbye(GoodbyeCode.Banned, reason);
        outbox.Add(new Effect.Transmit(
            link, Wire.MessageCodec.Encode(goodbye, null), SendClass.Control));
        if (dialedAddress is not null)
        {
            outbox.Tell(new Signal.DialFailed(dialedAddress, GoodbyeCode.Banned, reason)
            {
                Answered = proven,
            });
        }

        outbox.Add(new Effect.Hangup(link, reason));
    }
}
