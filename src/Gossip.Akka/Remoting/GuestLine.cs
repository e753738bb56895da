using Akka.Actor;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;
using AkkaAddress = Akka.Actor.Address;

namespace Gossip.Akka.Remoting;

/// <summary>Is who knocked at this node's door the owner of the key it named?</summary>
internal sealed class GuestLine(
    LineSettings settings,
    Knock knock,
    IActorRef knocker,
    Func<Carrier, bool> letIn,
    Action leave) : Line(settings)
{
    private LineHandshake? _handshake;

    protected override AkkaAddress Remote => knocker.Path.Address;

    protected override void PreStart()
    {
        base.PreStart();
        var offer = Settings.NewOffer(Secret);
        var system = Context.System;
        _handshake = new(
            knock,
            offer,
            LineHandshake.PathOf(knocker, system),
            LineHandshake.PathOf(Self, system));
        knocker.Tell(new Welcome(offer, _handshake.ProveDoor(Settings.Keys)));
    }

    protected override void PostStop()
    {
        base.PostStop();
        leave();
    }

    protected override void Shake(object message)
    {
        if (!Sender.Equals(knocker))
        {
            Settings.Refusals.Add(LineRefusal.Stranger);
        }
        else if (message is Proof proof && _handshake is { } handshake)
        {
            Answer(proof, handshake);
        }
        else if (message is Refused)
        {
            Context.Stop(Self);
        }
        else
        {
            Settings.Refusals.Add(LineRefusal.Unexpected);
        }
    }

    protected override void Fail(LineRefusal why, string text)
    {
        Settings.Refusals.Add(why);
        knocker.Tell(new Refused((int)why));
        Context.Stop(Self);
    }

    private void Answer(Proof proof, LineHandshake handshake)
    {
        if (!handshake.IsDialler(Settings.Keys, proof.Signature)
            || !Did.TryFromKey(knock.Key, out var did)
            || Agree(handshake, knock) is not { } keys)
        {
            Fail(LineRefusal.BadProof, "");
            return;
        }

        var carrier = Open(
            did, HostPort(Remote), knocker, knock, (keys.FromDoor, keys.FromDialler));
        if (!letIn(carrier))
        {
            Settings.Refusals.Add(LineRefusal.NoRoom);
            Context.Stop(Self);
        }
    }

    private string HostPort(AkkaAddress address)
    {
        var at = address.HasLocalScope
            ? ((ExtendedActorSystem)Settings.System).Provider.DefaultAddress
            : address;
        return $"{at.Host}:{at.Port}";
    }
}
