using System.Security.Cryptography;
using Akka.Actor;
using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Akka.Remoting;

/// <summary>What does every line of this node share?</summary>
internal sealed record LineSettings(
    ActorSystem System,
    IKeys Keys,
    GossipTimes Times,
    GossipSizes Sizes,
    TimeProvider Time)
{
    public LineRefusals Refusals { get; } = LineRefusals.Of(System);

    public int Window { get; } = LineLimits.Window(Sizes);

    /// <summary>
    /// Starts a line under a name of 128 bits that nobody guesses: only who was told of a line can
    /// write to it.
    /// </summary>
    public IActorRef Start(Props line) => System.ActorOf(
        line.WithMailbox(LineMailbox.OfLines),
        $"gossip-line-{RandomNumberGenerator.GetHexString(32, lowercase: true)}");

    public Knock NewOffer(LineSecret secret) => new(
        Keys.Self.Key.ToArray(),
        RandomNumberGenerator.GetBytes(LineMessage.NonceBytes),
        secret.Share,
        Window);

    /// <summary>A peer may say less than this node would hold for it, and never more.</summary>
    public int WindowTo(Knock offer) => Math.Min(offer.Window, Window);
}
