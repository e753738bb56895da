using System.Collections.Immutable;
using Gossip.Actors.Wire;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What do we ask of whom? Peers offer what they hold and we lack; one request runs per peer, no
/// slot that was offered is asked of two at once, and each request has a deadline that gives its
/// slots back. Of a topic with an owner the policy is asked for first, then only what it admits.
/// </summary>
internal sealed class Pulls(
    GossipOptions options, IReadOnlyDictionary<LogId, LogState> logs, Policy policy)
{
    /// <summary>
    /// Headers asked for at once to bisect a fork: 16 parts, 5 trips for a million.
    /// </summary>
    private const int ProbesMax = 16;

    /// <summary>
    /// Heads that wait for their grace; a round brings what a flood of them hides.
    /// </summary>
    private const int GracedMax = 65_536;

    /// <summary>Logs that one peer may offer at once; a round brings the rest.</summary>
    private const int OffersMax = 65_536;

    /// <summary>Proofs and bisections that one request asks for: it must fit a frame.</summary>
    private const int SuspectsMax = WireLimits.HeadersMax / ProbesMax;

    private readonly SortedDictionary<Link, Source> _sources = [];
    private readonly Queue<(TimeSpan Due, Link Link, Row Row)> _graced = [];
    private long _request;

    /// <summary>Links that nothing is asked of now: what they offer is had from others.</summary>
    public Predicate<Link> IsPassedOver { get; init; } = _ => false;

    /// <summary>
    /// Whoever comes may hold what nobody here could serve: it is asked once, without blame.
    /// </summary>
    public void Add(Link link)
    {
        if (_sources.TryAdd(link, new()))
        {
            foreach (var state in logs.Values.Where(s => !s.Lost.IsEmpty))
            {
                Hope(link, state.Log, state.Lost);
            }
        }
    }

    /// <summary>This peer may hold these slots: it is asked once, without blame.</summary>
    public void Hope(Link link, LogId log, IntervalSet slots)
    {
        if (_sources.TryGetValue(link, out var source))
        {
            source.Hopes.Add(log, slots);
        }
    }

    public void Drop(Link link) => _sources.Remove(link);

    /// <summary>The peer showed in a round that it holds this: ask at once.</summary>
    public void Offer(Link link, Row row)
    {
        if (_sources.TryGetValue(link, out var source)
            && (source.Offers.Count < OffersMax || source.Offers.ContainsKey(row.Log)))
        {
            // A head that waited for its grace may be older than what a round showed since.
            var offered = source.Offers.GetValueOrDefault(row.Log, IntervalSet.Empty);
            source.Offers[row.Log] = offered.Within(row.Holdings.Floor, Dot.SeqMax)
                .Union(row.Holdings.Held);
            if (row.ClosedAt is { } slot && slot < End(row.Log))
            {
                source.Proofs[row.Log] = slot;
            }
        }
    }

    /// <summary>It may hold revocations that stand past the end of this policy log.</summary>
    public void AskProof(Link link, LogId log)
    {
        if (_sources.TryGetValue(link, out var source))
        {
            source.Proofs[log] = 0;
        }
    }

    /// <summary>
    /// The peer told a head: the author's own push gets a moment to arrive first.
    /// </summary>
    public void OfferLater(Link link, Row row, Moment now)
    {
        if (_graced.Count < GracedMax)
        {
            _graced.Enqueue((now.Elapsed + options.Times.PullGrace, link, row));
        }
    }

    /// <summary>
    /// This slot differs from ours: ask for headers between it and where we agreed.
    /// </summary>
    public void Probe(Link link, LogId log, long seq)
    {
        if (_sources.TryGetValue(link, out var source))
        {
            var agreed = source.Agreed.GetValueOrDefault(log);
            var step = Math.Max(1, (seq - agreed) / ProbesMax);
            var probes = new SortedSet<long> { seq };
            for (var at = agreed + step; at < seq; at += step)
            {
                probes.Add(at);
            }

            source.Probes[log] = [.. probes];
        }
    }

    /// <summary>Another id may sit in one of these: ask for the last header of each.</summary>
    public void ProbeIslands(Link link, LogId log, IntervalSet islands)
    {
        if (_sources.TryGetValue(link, out var source) && !islands.IsEmpty)
        {
            source.Probes[log] = [.. islands.Take(ProbesMax).Select(i => i.Last)];
        }
    }

    /// <summary>Both sides hold the same id here: a fork lies above.</summary>
    public void Agree(Link link, LogId log, long seq)
    {
        if (_sources.TryGetValue(link, out var source))
        {
            source.Agreed[log] = Math.Max(seq, source.Agreed.GetValueOrDefault(log));
        }
    }

    /// <summary>Somebody offers something of it, or has still to be asked, or to answer.</summary>
    public bool IsAwaited(LogId log, IntervalSet slots) => _sources.Any(s =>
        s.Value.Hopes.Has(log, slots)
        || (s.Value.Running?.Wants.Any(
            w => w.Log == log && !w.Entries.Intersect(slots).IsEmpty) ?? false)
        || (!IsPassedOver(s.Key) && s.Value.Offers.TryGetValue(log, out var offered)
            && !offered.Intersect(slots).IsEmpty));

    /// <summary>Sends what can be asked now.</summary>
    public void Ask(TopicId topic, Moment now, Outbox outbox)
    {
        while (_graced.TryPeek(out var next) && next.Due <= now.Elapsed)
        {
            Offer(next.Link, _graced.Dequeue().Row);
        }

        var asked = new Asked(_sources.Values.SelectMany(s => s.Running?.Wants ?? []));
        foreach (var (link, source) in _sources)
        {
            if (source.Running is not null)
            {
                continue;
            }

            var wants = IsPassedOver(link) ? [] : WantsOf(source, asked);
            var isHope = wants.IsEmpty;
            wants = isHope
                ? source.Hopes.Take(logs, options.Sizes.PageEntriesMax, log => MayAsk(log, false))
                : wants;
            if (!wants.IsEmpty)
            {
                asked.Add(wants);
                var request = ++_request;
                source.Running = new(request, wants, isHope);
                outbox.Count(Tally.PullsSent);
                outbox.Send(link, new GossipMessage.PullRequest(topic, request, wants));
                outbox.After(
                    options.Times.PullTimeout, new Signal.PullExpired(topic, link, request));
            }
        }
    }

    /// <summary>What was asked of this peer under this number, and is not any more.</summary>
    public Request? Finish(Link link, long number)
    {
        if (!_sources.TryGetValue(link, out var source)
            || source.Running is not { } request || request.Number != number)
        {
            return null;
        }

        source.Running = null;
        return request;
    }

    /// <summary>What of a hope a page had no room for is asked for again.</summary>
    public void Renew(Link link, Request request, ImmutableArray<Entry> answer)
    {
        if (_sources.TryGetValue(link, out var source))
        {
            source.Hopes.Renew(request.Wants, answer);
        }
    }

    /// <summary>No answer to a hope: once more, a few times.</summary>
    public void Retry(Link link, Request request)
    {
        if (_sources.TryGetValue(link, out var source))
        {
            source.Hopes.Retry(request.Wants);
        }
    }

    /// <summary>
    /// It did not bring what it offered: it must offer it again before we ask again.
    /// </summary>
    public void Distrust(Link link)
    {
        if (_sources.TryGetValue(link, out var source))
        {
            source.Offers.Clear();
            source.Proofs.Clear();
            source.Probes.Clear();
        }
    }

    private long End(LogId log) => logs.TryGetValue(log, out var state) ? state.End : long.MaxValue;

    private ImmutableArray<Want> WantsOf(Source source, Asked asked)
    {
        var wants = ImmutableArray.CreateBuilder<Want>();
        var isPolicyFirst = LacksPolicy(source);
        var proofs = source.Proofs.Where(p => MayAsk(p.Key, isPolicyFirst)).Take(SuspectsMax);
        foreach (var (log, slot) in proofs.ToArray())
        {
            source.Proofs.Remove(log);
            if (slot < End(log))
            {
                wants.Add(Want.ProofOf(log));
            }
        }

        foreach (var (log, seqs) in source.Probes.Take(SuspectsMax).ToArray())
        {
            source.Probes.Remove(log);
            wants.Add(Want.HeadersOf(log, seqs));
        }

        long room = options.Sizes.PageEntriesMax;
        foreach (var (log, offered) in source.Offers.ToArray())
        {
            var lacking = Lacking(log, offered);
            if (lacking.IsEmpty)
            {
                source.Offers.Remove(log);
                continue;
            }

            if (!MayAsk(log, isPolicyFirst))
            {
                continue;
            }

            var wanted = lacking.Except(asked.Of(log)).Take(room);
            if (!wanted.IsEmpty)
            {
                wants.Add(Want.EntriesOf(log, wanted));
                room -= wanted.Slots;
            }

            if (room <= 0 || wants.Count == WireLimits.WantsMax)
            {
                break;
            }
        }

        return wants.DrainToImmutable();
    }

    private bool LacksPolicy(Source source) => !policy.Rights.IsPublic
        && source.Offers.Any(o => policy.Rights.RulingOn(o.Key)
            is { IsPolicyLog: true, Verdict: Verdict.Admitted }
            && !Lacking(o.Key, o.Value).IsEmpty);

    private bool MayAsk(LogId log, bool isPolicyFirst)
    {
        var ruling = policy.Rights.RulingOn(log);
        return ruling.IsPolicyLog || (ruling.Verdict == Verdict.Admitted && !isPolicyFirst);
    }

    private IntervalSet Lacking(LogId log, IntervalSet offered) =>
        logs.TryGetValue(log, out var state)
            ? state.Lacking(offered)
            : offered;
}
