using Gossip.Actors.Protocol;

namespace Gossip.Actors;

/// <summary>
/// How misbehaviour of peers is counted, in points, and what follows. The defaults: one forged
/// entry bans, and so does a third broken frame within minutes; a peer that breaks its promises is
/// left alone after about two minutes of nothing else; all of it is forgiven within the hour.
/// </summary>
public sealed record GossipReputation
{
    /// <summary>Half of every score is gone after this: longer than a busy moment.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A ban lasts so long: dearer to an attacker than a new key, and short enough to be a mistake.
    /// </summary>
    public TimeSpan BanTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Points from which a peer is in quarantine, until half of them are left: a busy peer gets
    /// five, one with a dead disk gets here.
    /// </summary>
    public int QuarantineScore { get; init; } = 20;

    /// <summary>Proven points from which a peer is banned; the unit of all the others.</summary>
    public int BanScore { get; init; } = 100;

    /// <summary>
    /// Of an entry that its author sent and did not sign: no accident makes one, so one bans.
    /// </summary>
    public int SignatureWrong { get; init; } = 100;

    /// <summary>
    /// Of a frame, or a message in a place, that no program of ours sends: once may be one broken
    /// program, which is quarantined; the third time within minutes bans.
    /// </summary>
    public int ProtocolAbuse { get; init; } = 40;

    /// <summary>
    /// Of a pull that brings nothing of what was offered: happens to honest peers too, and each
    /// pull that brings something takes as much back.
    /// </summary>
    public int PromiseBroken { get; init; } = 1;

    /// <summary>Of each time that a peer exceeds its rate limits: four within minutes.</summary>
    public int Flood { get; init; } = 5;

    /// <summary>Identities that something is known of; the best-behaved are forgotten.</summary>
    public int IdentitiesMax { get; init; } = 1024;

    /// <summary>The last things that are kept of one identity, to be shown.</summary>
    public int ReasonsMax { get; init; } = 8;

    internal int WeightOf(Misconduct kind) => kind switch
    {
        Misconduct.SignatureWrong => SignatureWrong,
        Misconduct.ProtocolAbuse => ProtocolAbuse,
        Misconduct.PromiseBroken => PromiseBroken,
        _ => Flood,
    };

    internal IEnumerable<string> Refusals()
    {
        var times =
            from time in new (string Name, TimeSpan Value)[]
            {
                ("half-life", HalfLife),
                ("ban-time", BanTime),
            }
            where time.Value < TimeSpan.FromSeconds(1) || time.Value > TimeSpan.FromDays(365)
            select $"{time.Name}: 1 s to 365 d, not {time.Value}";
        var counts =
            from count in new (string Name, int Value, int Min, int Max)[]
            {
                ("quarantine-score", QuarantineScore, 1, 1_000_000),
                ("ban-score", BanScore, 1, 1_000_000),
                ("signature-wrong", SignatureWrong, 0, 1_000_000),
                ("protocol-abuse", ProtocolAbuse, 0, 1_000_000),
                ("promise-broken", PromiseBroken, 0, 1_000_000),
                ("flood", Flood, 0, 1_000_000),
                ("identities-max", IdentitiesMax, 1, 65_536),
                ("reasons-max", ReasonsMax, 1, 1000),
            }
            where count.Value < count.Min || count.Value > count.Max
            select $"{count.Name}: {count.Min} to {count.Max}, not {count.Value}";
        return times.Concat(counts);
    }
}
