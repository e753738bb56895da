using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// How far do we trust this identity, and why? Hears what peers did, and decides alone what follows
/// from it: suspicion quarantines, only proof bans, time heals, and the operator has the last word.
/// What a node accepts never depends on it: entries are judged by what they are.
/// </summary>
public sealed class Reputation : IMachine
{
    private readonly Dossiers _dossiers;
    private readonly Acquaintances _links = new();
    private readonly SortedDictionary<Did, string> _blocks = [];
    private readonly List<Did> _ended = [];

    /// <summary>Knows what an earlier process kept, before the first signal.</summary>
    public Reputation(IEnumerable<Exclusion> kept, GossipReputation options, Moment now)
    {
        _dossiers = new(options);
        foreach (var past in kept.OrderBy(e => (e.Since, e.Did)))
        {
            if (past.Kind == ExclusionKind.Block)
            {
                _blocks[past.Did] = past.Reason;
            }
            else if (past.Until <= now.UnixMilliseconds)
            {
                _ended.Add(past.Did);
            }
            else
            {
                _dossiers.Open(past.Did, now.Elapsed, out var forgotten).Resume(past, now);
                _ended.AddRange(forgotten is null ? [] : [forgotten.Did]);
            }
        }
    }

    public View.Standings Look(Moment now) => new(_blocks.Keys
        .Concat(_dossiers.All.Select(d => d.Did))
        .Distinct()
        .ToImmutableDictionary(did => did, did => Of(did, now)));

    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.Started:
                Start(now, outbox);
                break;
            case Signal.PeerUp(var link, var peer):
                Meet(link, peer.Did, now, outbox);
                break;
            case Signal.PeerDown(var link, _):
                _links.Part(link);
                break;
            case Signal.Misbehaved(var link, var by, var kind, var evidence):
                Blame(by ?? _links.At(link), kind, evidence, now, outbox);
                break;
            case Signal.NotSigned(var link, var author, var evidence):
                if (author.Equals(_links.At(link)))
                {
                    Blame(author, Misconduct.SignatureWrong, evidence, now, outbox);
                }

                break;
            case Signal.PromiseKept(var link):
                if (_links.At(link) is { } keeper)
                {
                    _dossiers.Find(keeper)?.KeepPromise(now.Elapsed);
                }

                break;
            case Signal.StandingDue(var did):
                Review(did, now, outbox);
                break;
            case Signal.Pardoned(var did):
                Pardon(did, now, outbox);
                break;
            case Signal.Blocked(var did, var reason):
                _blocks[did] = Cut(reason);
                Announce(did, Standing.Blocked, _blocks[did], now, outbox);
                break;
            case Signal.Unblocked(var did):
                Unblock(did, now, outbox);
                break;
            case Signal.Restate:
                TellDistrusted(outbox);
                break;
            case Signal.Stopping:
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }
    }

    /// <summary>Evidence in a few words: peers choose what we quote of them.</summary>
    internal static string Cut(string text) => text.Length <= 200 ? text : $"{text[..199]}…";

    private void Start(Moment now, Outbox outbox)
    {
        _ended.ForEach(did => outbox.Add(new Effect.Forget(did, ExclusionKind.Ban)));
        _ended.Clear();
        foreach (var dossier in _dossiers.All)
        {
            Wait(dossier, now, outbox);
        }

        outbox.Add(new Effect.Show(Look(now)));
        TellDistrusted(outbox);
    }

    private void Meet(Link link, Did did, Moment now, Outbox outbox)
    {
        _links.Meet(link, did);
        if (Of(did, now) is { IsBarred: true } barred)
        {
            // It came in while the door was being shut.
            HangUp(link, barred.BarReason, outbox);
        }
    }

    private void Blame(
        Did? did, Misconduct kind, string evidence, Moment now, Outbox outbox)
    {
        if (did is null)
        {
            return;
        }

        var dossier = _dossiers.Open(did, now.Elapsed, out var forgotten);
        if (forgotten is not null)
        {
            ForgetExclusion(forgotten, now, outbox);
        }

        var (before, until) = (dossier.Standing, dossier.BannedUntil);
        dossier.Add(kind, evidence, now);
        if (dossier.BannedUntil is { } end && end != until)
        {
            outbox.Add(new Effect.Remember(new(
                did, ExclusionKind.Ban, dossier.LastReason, now.UnixMilliseconds, end)));
        }

        Conclude(dossier, before, dossier.LastReason, now, outbox);
    }

    /// <summary>Time has passed: a ban ends, a score falls.</summary>
    private void Review(Did did, Moment now, Outbox outbox)
    {
        if (_dossiers.Find(did) is not { } dossier)
        {
            return;
        }

        var (before, wasBanned) = (dossier.Standing, dossier.BannedUntil is not null);
        dossier.IsTimed = false;
        dossier.Judge(now.Elapsed);
        if (wasBanned && dossier.BannedUntil is null)
        {
            outbox.Add(new Effect.Forget(did, ExclusionKind.Ban));
        }

        Conclude(dossier, before, "it was long enough ago", now, outbox);
    }

    private void Conclude(
        Dossier dossier, Standing before, string reason, Moment now, Outbox outbox)
    {
        Wait(dossier, now, outbox);
        if (dossier.Standing == before)
        {
            outbox.Add(new Effect.Show(new View.OfPeer(dossier.Did, Of(dossier.Did, now))));
            return;
        }

        outbox.Count(Tally.PeersQuarantined, dossier.Standing == Standing.Quarantined ? 1 : 0);
        outbox.Count(Tally.PeersBanned, dossier.Standing == Standing.Banned ? 1 : 0);
        Announce(dossier.Did, dossier.Standing, reason, now, outbox);
    }

    private void Pardon(Did did, Moment now, Outbox outbox)
    {
        if (_dossiers.Remove(did) is { } dossier)
        {
            ForgetExclusion(dossier, now, outbox);
            Announce(did, Of(did, now).Standing, "pardoned by the operator", now, outbox);
        }
    }

    private void Unblock(Did did, Moment now, Outbox outbox)
    {
        if (_blocks.Remove(did))
        {
            Announce(did, Of(did, now).Standing, "unblocked by the operator", now, outbox);
        }
    }

    /// <summary>An identity stands differently: whoever acts on it is told.</summary>
    private void Announce(Did did, Standing standing, string reason, Moment now, Outbox outbox)
    {
        var reputation = Of(did, now);
        outbox.Add(new Effect.Show(new View.OfPeer(did, reputation)));
        outbox.Add(new Effect.Happened(new NodeEvent.PeerJudged(did, standing, reason)));
        TellDistrusted(outbox);
        if (reputation.IsBarred)
        {
            _links.LinksOf(did).ToList().ForEach(l => HangUp(l, reputation.BarReason, outbox));
        }
    }

    private void ForgetExclusion(Dossier dossier, Moment now, Outbox outbox)
    {
        outbox.Add(new Effect.Show(new View.OfPeer(dossier.Did, Of(dossier.Did, now))));
        if (dossier.BannedUntil is not null)
        {
            outbox.Add(new Effect.Forget(dossier.Did, ExclusionKind.Ban));
        }
    }

    /// <summary>One timer per identity: it looks again when it comes.</summary>
    private static void Wait(Dossier dossier, Moment now, Outbox outbox)
    {
        if (!dossier.IsTimed && dossier.NextChange(now.Elapsed) is { } wait)
        {
            dossier.IsTimed = true;
            outbox.After(
                wait + TimeSpan.FromMilliseconds(1), new Signal.StandingDue(dossier.Did));
        }
    }

    private static void HangUp(Link link, string reason, Outbox outbox) =>
        outbox.Send(link, new GossipMessage.Goodbye(GoodbyeCode.Banned, reason));

    private void TellDistrusted(Outbox outbox) => outbox.Tell(new Signal.Distrusted(
        Those(Standing.Quarantined), Those(Standing.Banned).Union(_blocks.Keys)));

    private ImmutableSortedSet<Did> Those(Standing standing) =>
        [.. _dossiers.All.Where(d => d.Standing == standing).Select(d => d.Did)];

    private PeerReputation Of(Did did, Moment now)
    {
        var reputation = _dossiers.Find(did)?.Look(now) ?? PeerReputation.Unknown;
        return _blocks.TryGetValue(did, out var why)
            ? reputation with { Standing = Standing.Blocked, Blocked = why }
            : reputation;
    }
}
