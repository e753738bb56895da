using Akka;
using Akka.Actor;

namespace Gossip.Akka;

/// <summary>
/// May a peer end this node's actor system? Akka.Remote shuts a system down when a TLS handshake
/// that it began fails (since 1.5.51, so that a wrong certificate is noticed): any address that
/// breaks a handshake off, or a cut in the wrong moment, would do it. A node goes on and dials
/// again, so that one reason is refused in the first phase, which ends the shutdown there.
/// </summary>
internal static class StayUp
{
    /// <summary>Akka's type is no part of its public surface.</summary>
    private const string Refused = "TlsHandshakeFailureReason";

    /// <summary>Needs recover = off in that phase: what fails there ends the shutdown.</summary>
    public static void Guard(ActorSystem system)
    {
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind,
            "gossip-stay-up",
            () => shutdown.ShutdownReason?.GetType().Name == Refused
                ? Task.FromException<Done>(new InvalidOperationException(
                    "A peer's broken handshake is no reason to end this node."))
                : Task.FromResult(Done.Instance));
    }
}
