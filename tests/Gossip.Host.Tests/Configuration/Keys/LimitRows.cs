using System.Net;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Host.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Host.Tests.Configuration.Keys;

/// <summary>Keys that limit what others can make a node do, seen where each is kept.</summary>
internal static class LimitRows
{
    private static readonly Moment Now = new(TimeSpan.FromSeconds(100), 1);

    public static readonly KeyRow[] All =
    [
        new("compression", "off", "not taken", s => MachineRows.Greeting(s)
            .Ask(Now.Elapsed, new Signal.Started()).Messages()
            .OfType<GossipMessage.Hello>().Single().TakesCompressed ? "taken" : "not taken"),

        new("sizes.connections-per-address-max", "3", "3 inside", s => Inside(s, "10.0.0.7")),
        new("sizes.loopback-limited", "true", "64 inside", s => Inside(s, "127.0.0.1")),
        new("sizes.connections-per-identity-max", "3", "3 links", s =>
        {
            var identities = new Identities(s.Options, new(TimeProvider.System));
            var links = 0;
            while (identities.Enter(Bench.Theirs.Self) is not null)
            {
                links++;
            }

            return $"{links} links";
        }),
        new("sizes.connections-per-process-max", "3", "the 4th ends", s =>
        {
            var book = new PeerBook(Bench.Self, s.Options, new Bench.Middle(), []);
            var peer = new Peer(Bench.Theirs.Self, 7, "", null);
            var nth = 1;
            while (!book.Ask(Now.Elapsed, new Signal.PeerUp(new(nth), peer))
                .OfType<Effect.Exceed>().Any())
            {
                nth++;
            }

            return $"the {nth}th ends";
        }),
        new("sizes.received-bytes-max", "8 MiB", "8 frames", s =>
        {
            var pool = new Links(
                null!, Bench.Self, s.Options, null!, null!, new(), new(TimeProvider.System),
                NullLogger.Instance).Pool;
            var frames = 0;
            while (pool.TryTake(1024 * 1024, isFirst: false))
            {
                frames++;
            }

            return $"{frames} frames";
        }),

        new("rates.burst", "500 ms", "10000", s => Taken(s, LimitKind.PeerEntries)),
        new("rates.peer-frames", "2000", "4000", s => Taken(s, LimitKind.PeerFrames)),
        new("rates.peer-bytes", "2 MiB", "4194304", s => Taken(s, LimitKind.PeerBytes)),
        new("rates.peer-entries", "50", "100", s => Taken(s, LimitKind.PeerEntries)),
        new("rates.peer-verifications", "50", "100", s => Taken(s, LimitKind.PeerVerifications)),
        new("rates.verifications", "50", "100", s => Taken(s, LimitKind.Verifications)),
        new("rates.peer-rows", "50", "100", s => Taken(s, LimitKind.PeerRows)),
        new("rates.peer-pulls", "50", "4196", s => Taken(s, LimitKind.PeerPulls)),
        new("rates.peer-subscriptions", "50", "4196", s => Taken(s, LimitKind.PeerSubscriptions)),
    ];

    /// <summary>What one identity may take at once.</summary>
    private static string Taken(Settings s, LimitKind limit) =>
        $"{new Identities(s.Options, new(TimeProvider.System)).Enter(Bench.Theirs.Self)!
            .Take(limit, int.MaxValue, Now)}";

    /// <summary>How many of one address come through the door.</summary>
    private static string Inside(Settings s, string address)
    {
        var door = new Doorkeeper(s.Options.Sizes);
        var inside = 0;
        while (inside < 100 && door.Enter(IPAddress.Parse(address), () => { }) is { } guest)
        {
            door.Begin(guest);
            inside += door.LetIn(guest) ? 1 : 0;
        }

        return $"{inside} inside";
    }
}
