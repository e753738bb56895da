using System.Globalization;
using Gossip.Actors.Protocol;
using Gossip.Host.Configuration;

namespace Gossip.Host.Tests.Configuration.Keys;

/// <summary>Keys that reputation acts on, seen in what it holds against whom.</summary>
internal static class ReputationRows
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(1);

    public static readonly KeyRow[] All =
    [
        new("reputation.half-life", "1 m", "2.5 of 5 after 1 m", s =>
        {
            var trust = Trust(s);
            Blame(trust, Misconduct.Flood);
            var left = Look(trust, Now + TimeSpan.FromMinutes(1)).Score;
            return string.Create(CultureInfo.InvariantCulture, $"{left:0.##} of 5 after 1 m");
        }),
        new("reputation.ban-time", "7 m", "7 m", s => Trust(s)
            .Ask(Now, Accusation(Misconduct.SignatureWrong))
            .OfType<Effect.Remember>()
            .Select(kept => Units.Show(TimeSpan.FromMilliseconds(kept.Exclusion.Until!.Value - 1)))
            .FirstOrDefault("no ban")),
        new("reputation.quarantine-score", "7", "after 7", s => "after "
            + Until(s, Misconduct.PromiseBroken, Standing.Quarantined)),
        new("reputation.ban-score", "200", "after 5", s => "after "
            + Until(s, Misconduct.ProtocolAbuse, Standing.Banned)),
        new("reputation.signature-wrong", "7", "7", s => Once(s, Misconduct.SignatureWrong)),
        new("reputation.protocol-abuse", "7", "7", s => Once(s, Misconduct.ProtocolAbuse)),
        new("reputation.promise-broken", "7", "7", s => Once(s, Misconduct.PromiseBroken)),
        new("reputation.flood", "7", "7", s => Once(s, Misconduct.Flood)),
        new("reputation.identities-max", "3", "knows 3", s =>
        {
            var trust = Trust(s);
            for (var i = 1; i <= 9; i++)
            {
                Blame(trust, Misconduct.Flood, Who(i));
            }

            return $"knows {trust.Look(new(Now, 1)).All.Count}";
        }),
        new("reputation.reasons-max", "2", "keeps 2", s =>
        {
            var trust = Trust(s);
            for (var i = 1; i <= 20; i++)
            {
                Blame(trust, Misconduct.PromiseBroken);
            }

            return $"keeps {Look(trust, Now).Reasons.Length}";
        }),
    ];

    private static Reputation Trust(Settings s) => new([], s.Options.Reputation, new(Now, 1));

    private static Signal.Misbehaved Accusation(Misconduct kind, Did? did = null) =>
        new(Bench.Link, did ?? Bench.Theirs.Self, kind, "seen");

    private static void Blame(Reputation trust, Misconduct kind, Did? did = null) =>
        trust.Ask(Now, Accusation(kind, did));

    private static PeerReputation Look(Reputation trust, TimeSpan at) =>
        trust.Look(new(at, 1)).All[Bench.Theirs.Self];

    private static string Once(Settings s, Misconduct kind)
    {
        var trust = Trust(s);
        Blame(trust, kind);
        return Look(trust, Now).Score.ToString("0.#", CultureInfo.InvariantCulture);
    }

    private static int Until(Settings s, Misconduct kind, Standing standing)
    {
        var trust = Trust(s);
        var count = 0;
        do
        {
            Blame(trust, kind);
            count++;
        }
        while (Look(trust, Now).Standing != standing);

        return count;
    }

    private static Did Who(int number)
    {
        var key = new byte[Did.KeyBytes];
        (key[0], key[^1]) = (2, (byte)number);
        return Did.FromKey(key);
    }
}
