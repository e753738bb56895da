using System.Net;
using System.Text;
using Akka.Actor;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;

namespace Gossip.Akka.Remoting;

/// <summary>Who knocks? Each gets a line of its own, as far as the doorkeeper has room.</summary>
internal sealed class Door(
    LineSettings settings,
    Doorkeeper keeper,
    Func<Carrier, bool> receive) : UntypedActor
{
    public const string Name = "gossip-door";

    protected override void OnReceive(object message)
    {
        if (message is Knock knock)
        {
            Admit(knock);
        }
        else
        {
            settings.Refusals.Add(LineRefusal.Unexpected);
        }
    }

    private void Admit(Knock knock)
    {
        IActorRef? line = null;
        var sentAway = new LineOrder.GiveUp(LineRefusal.NoRoom);
        if (keeper.Enter(HostOf(Sender), () => line?.Tell(sentAway)) is not { } guest)
        {
            settings.Refusals.Add(LineRefusal.NoRoom);
            Sender.Tell(new Refused((int)LineRefusal.NoRoom));
            return;
        }

        // A knock comes whole or not at all.
        keeper.Begin(guest);
        var knocker = Sender;
        Func<Carrier, bool> letIn = carrier => keeper.LetIn(guest) && receive(carrier);
        Action leave = () => keeper.Leave(guest);

        // Not a child: who is inside stays when the door closes.
        line = settings.Start(
            Props.Create(() => new GuestLine(settings, knock, knocker, letIn, leave)));
    }

    /// <summary>
    /// A name stands for one address of its own: which host is meant is all that is counted, and
    /// resolving it would be work that strangers choose.
    /// </summary>
    private static IPAddress HostOf(IActorRef knocker)
    {
        if (knocker.Path.Address.Host is not { } host)
        {
            return IPAddress.Loopback;
        }

        return IPAddress.TryParse(host, out var address)
            ? address
            : new(Hash.OfBytes(Encoding.UTF8.GetBytes(host)).ToArray().AsSpan(0, 16));
    }
}
