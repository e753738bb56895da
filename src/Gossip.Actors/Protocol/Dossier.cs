namespace Gossip.Actors.Protocol;

/// <summary>
/// What is known against one identity, and what follows from it? Proof and suspicion are counted
/// apart: only proof ever bans. Source: the parts of GossipSub v1.1's score that blame a peer: P4
/// (invalid messages), P7 (behaviour: broken promises, floods); none that praise it.
/// </summary>
internal sealed class Dossier(Did did, GossipReputation options)
{
    private readonly DecayingScore _proven = new(options.HalfLife);
    private readonly DecayingScore _suspected = new(options.HalfLife);
    private readonly Queue<PeerReason> _reasons = [];
    private TimeSpan? _bannedUntil;

    public Did Did => did;

    public Standing Standing { get; private set; }

    public TimeSpan LastHeard { get; private set; }

    /// <summary>A timer runs that will judge it again.</summary>
    public bool IsTimed { get; set; }

    /// <summary>When its ban ends, in Unix milliseconds; null when it is not banned.</summary>
    public long? BannedUntil { get; private set; }

    /// <summary>The last thing that it did, in words.</summary>
    public string LastReason => _reasons.LastOrDefault()?.ToString() ?? "nothing";

    public double ScoreAt(TimeSpan now) => _proven.At(now) + _suspected.At(now);

    public void Add(Misconduct kind, string evidence, Moment now)
    {
        var (score, max) = IsProof(kind)
            ? (_proven, options.BanScore)
            : (_suspected, 2 * options.QuarantineScore);
        score.Add(options.WeightOf(kind), max, now.Elapsed);
        Note(kind, evidence, now);
        if (IsProof(kind) && _proven.At(now.Elapsed) >= options.BanScore)
        {
            Ban(now, options.BanTime);
        }

        Judge(now.Elapsed);
    }

    /// <summary>It served what it had offered: that makes up for one broken promise.</summary>
    public void KeepPromise(TimeSpan now)
    {
        if (_suspected.At(now) > 0)
        {
            _suspected.Add(-options.PromiseBroken, 2 * options.QuarantineScore, now);
        }
    }

    /// <summary>A ban of an earlier process goes on for what is left of it.</summary>
    public void Resume(Exclusion ban, Moment now)
    {
        var left = TimeSpan.FromMilliseconds(ban.Until!.Value - (double)now.UnixMilliseconds);
        Note(null, ban.Reason, new(now.Elapsed, ban.Since));
        Ban(now, left < options.BanTime ? left : options.BanTime);
        Judge(now.Elapsed);
    }

    /// <summary>True when it stands differently now.</summary>
    public bool Judge(TimeSpan now)
    {
        var before = Standing;
        if (_bannedUntil is { } end && now >= end)
        {
            (_bannedUntil, BannedUntil) = (null, null);
        }

        // Left at half of what led there: else it would be left the moment after.
        var limit = before == Standing.Good ? options.QuarantineScore : Release;
        Standing = _bannedUntil is not null ? Standing.Banned
            : ScoreAt(now) >= limit ? Standing.Quarantined
            : Standing.Good;
        return Standing != before;
    }

    /// <summary>In how much time it may stand differently by itself; null for never.</summary>
    public TimeSpan? NextChange(TimeSpan now) => Standing switch
    {
        Standing.Banned => _bannedUntil - now,
        Standing.Quarantined => DecayingScore.Until(Release, ScoreAt(now), options.HalfLife),
        _ => null,
    };

    public PeerReputation Look(Moment now) => new(
        Standing, ScoreAt(now.Elapsed), now.UnixMilliseconds, BannedUntil, [.. _reasons]);

    private double Release => options.QuarantineScore / 2.0;

    private static bool IsProof(Misconduct kind) =>
        kind is Misconduct.SignatureWrong or Misconduct.ProtocolAbuse;

    private void Ban(Moment now, TimeSpan time)
    {
        _bannedUntil = now.Elapsed + time;
        BannedUntil = now.UnixMilliseconds + (long)time.TotalMilliseconds;
    }

    private void Note(Misconduct? kind, string evidence, Moment now)
    {
        LastHeard = now.Elapsed;
        while (_reasons.Count >= options.ReasonsMax)
        {
            _reasons.Dequeue();
        }

        _reasons.Enqueue(new(kind, now.UnixMilliseconds, Reputation.Cut(evidence)));
    }
}
