using Akka.Actor;
using Akka.Remote;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;
using AkkaAddress = Akka.Actor.Address;

namespace Gossip.Akka.Remoting;

/// <summary>Who opens at the address that this node dialled?</summary>
internal sealed class DialledLine(
    LineSettings settings,
    AkkaAddress remote,
    string address,
    TaskCompletionSource<Carrier> opened) : Line(settings)
{
    private Knock? _knock;

    protected override AkkaAddress Remote => remote;

    protected override void PreStart()
    {
        base.PreStart();
        Context.ActorSelection(new RootActorPath(remote) / "user" / Door.Name)
            .Tell(new Identify(null));
    }

    protected override void PostStop()
    {
        base.PostStop();
        Tell($"The line to {address} was given up.");
    }

    protected override void Shake(object message)
    {
        switch (message)
        {
            case ActorIdentity { Subject: null } when _knock is null:
                Fail(LineRefusal.Unexpected, $"Nobody listens at {address}.");
                break;
            case ActorIdentity { Subject: { } door } when _knock is null:
                _knock = Settings.NewOffer(Secret);
                door.Tell(_knock);
                break;
            case Welcome welcome when _knock is not null:
                Answer(welcome, _knock);
                break;
            case Refused refused:
                Fail((LineRefusal)refused.Why, $"{address} refused: {Reason(refused.Why)}.");
                break;
            default:
                Settings.Refusals.Add(LineRefusal.Unexpected);
                break;
        }
    }

    protected override void Fail(LineRefusal why, string text)
    {
        Tell(text);
        Context.Stop(Self);
    }

    protected override void OnUnreachable(RemotingLifecycleEvent change, string why) => Fail(
        LineRefusal.Unexpected,
        change is AssociationErrorEvent { Cause: var cause }
            ? $"Nobody listens at {address}, or it is no Akka system that this one may talk to: "
                + cause.Message
            : $"{address} cannot be reached: {why}.");

    private void Tell(string why)
    {
        opened.TrySetException(new TransportException(why));

        // Whoever dialled may have stopped waiting: then nobody else observes it.
        _ = opened.Task.Exception;
    }

    private void Answer(Welcome welcome, Knock knock)
    {
        var offer = welcome.Offer;
        var system = Context.System;
        var handshake = new LineHandshake(
            knock,
            offer,
            LineHandshake.PathOf(Self, system),
            LineHandshake.PathOf(Sender, system));
        if (!IsThere(Sender)
            || !handshake.IsDoor(Settings.Keys, welcome.Signature)
            || !Did.TryFromKey(offer.Key, out var did)
            || Agree(handshake, offer) is not { } keys)
        {
            Settings.Refusals.Add(LineRefusal.BadProof);
            Sender.Tell(new Refused((int)LineRefusal.BadProof));
            Fail(
                LineRefusal.BadProof,
                $"{address} did not prove its key: its signature is not over this handshake.");
            return;
        }

        Sender.Tell(new Proof(handshake.ProveDialler(Settings.Keys)));
        opened.TrySetResult(
            Open(did, address, Sender, offer, (keys.FromDialler, keys.FromDoor)));
    }

    /// <summary>
    /// A line in the system that was dialled, or in this one when it dials itself.
    /// </summary>
    private bool IsThere(IActorRef line) =>
        line.Path.Address.Equals(remote) || line.Path.Address.HasLocalScope;

    private static string Reason(int why) => (LineRefusal)why switch
    {
        LineRefusal.NoRoom => "it takes no more connections for now",
        LineRefusal.BadProof => "it does not believe that this key is ours",
        _ => "the handshake was not in order, or took too long",
    };
}
