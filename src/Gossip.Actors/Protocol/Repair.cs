using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What do peers hold of this topic that we lack, and what may they have of ours? Asks for what
/// they showed, answers what they ask, and says when all of a round's rows are held.
/// </summary>
internal sealed class Repair(
    TopicId topic,
    GossipOptions options,
    IReadOnlyDictionary<LogId, LogState> logs,
    IReadOnlyDictionary<LogId, Row> durable,
    Policy policy,
    Looks looks)
{
    private readonly SortedDictionary<Link, Did> _subscribers = [];
    private readonly SortedDictionary<(Link Link, long Round), Comparison> _comparisons = [];
    private ImmutableSortedSet<Did> _quarantined = [];
    private readonly Unserved _unserved = new(2 * options.Times.RoundInterval, logs, policy);
    private Pulls? _pulls;

    public Pulls Pulls => _pulls ??= new(options, logs, policy) { IsPassedOver = IsPassedOver };

    /// <summary>The links whose peers carry this topic.</summary>
    public IReadOnlyCollection<Link> Subscribers => _subscribers.Keys;

    /// <summary>Who is there, and whom we would rather not ask.</summary>
    public void Hear(Signal signal)
    {
        switch (signal)
        {
            case Signal.Subscribed subscribed:
                Note(subscribed);
                break;
            case Signal.PeerDown(var link, _):
                Drop(link);
                break;
            case Signal.Distrusted(var quarantined, _):
                _quarantined = quarantined;
                break;
        }
    }

    private void Note(Signal.Subscribed subscribed)
    {
        var (link, did, _, isSubscribed) = subscribed;
        if (isSubscribed)
        {
            _subscribers[link] = did;
            Pulls.Add(link);
            _unserved.Meet(link, Pulls);
        }
        else
        {
            Drop(link);
        }
    }

    private void Drop(Link link)
    {
        _subscribers.Remove(link);
        Pulls.Drop(link);
        _unserved.Forget(link);
        Forget(key => key.Link == link);
    }

    /// <summary>
    /// The policy changed: who may not read any more is told nothing more, and what it refuses
    /// need not be held for a round to end.
    /// </summary>
    public void Keep(Readers readers, Outbox outbox)
    {
        foreach (var (link, _) in _subscribers.Where(s => !readers.Allow(s.Value)).ToArray())
        {
            Drop(link);
        }

        foreach (var comparison in _comparisons.Values.ToArray())
        {
            comparison.Judge([.. comparison.Open], topic, durable, policy, Pulls, looks);
            FinishIfDone(comparison, outbox);
        }
    }

    /// <summary>
    /// Rows that differ from ours: offers, and in a round, something to catch up with.
    /// </summary>
    public void Weigh(Signal.Shown shown, Moment now, Outbox outbox)
    {
        var (link, _, round, rows) = shown;
        if (!_subscribers.ContainsKey(link))
        {
            return;
        }

        if (round == 0)
        {
            rows.ToList().ForEach(row => Pulls.OfferLater(link, row, now));
            outbox.After(options.Times.PullGrace, new Signal.PullDue(topic));
            return;
        }

        rows.ToList().ForEach(row => Pulls.Offer(link, row));
        _unserved.Note(link, rows, now);
        Forget(key => key.Link == link && Math.Sign(key.Round) == Math.Sign(round));
        var comparison = new Comparison(link, round, rows);
        _comparisons.Add((link, round), comparison);
        comparison.Judge([.. comparison.Open], topic, durable, policy, Pulls, looks);
        FinishIfDone(comparison, outbox);
    }

    /// <summary>
    /// These logs changed on disk: tells the ledger of every round that this ends.
    /// </summary>
    public void Judge(IReadOnlyCollection<LogId> changed, Moment now, Outbox outbox)
    {
        _unserved.Review(changed, now);
        foreach (var comparison in _comparisons.Values.ToArray())
        {
            comparison.Judge(changed, topic, durable, policy, Pulls, looks);
            FinishIfDone(comparison, outbox);
        }
    }

    /// <summary>What nobody who is connected could serve when it was asked.</summary>
    public (LogId Log, IntervalSet Slots)[] TakeUnserved(Moment now) =>
        _unserved.Take(Subscribers, Pulls, now);

    /// <summary>What we hold in the slot that a peer made a claim about.</summary>
    public void Confirm(Signal.Found found, Suspicion.OfClaim claim, Outbox outbox)
    {
        var held = found.Headers.FirstOrDefault(h => h.Header.Seq == claim.Seq);
        var isSame = held is null || held.Id.Hash.Prefix == claim.IdPrefix;
        foreach (var comparison in _comparisons.Values
            .Where(c => c.Link == claim.From).ToArray())
        {
            comparison.Confirm(found.Log, claim.Seq, isSame, Pulls);
            FinishIfDone(comparison, outbox);
        }
    }

    /// <summary>What of ours this answers; null when nobody asked.</summary>
    public Request? Finish(Link link, GossipMessage.PullResponse said, Outbox outbox)
    {
        var request = Pulls.Finish(link, said.Request);
        if (request is null)
        {
            outbox.Refuse(RefusalCode.MessageUnexpected, $"{link}: an answer nobody asked for");
        }

        return request;
    }

    /// <summary>
    /// An answer without anything we can hold: it must be offered again first. Of a hope that is
    /// no fault.
    /// </summary>
    public void Assess(
        Link link, Request request, GossipMessage.PullResponse said, Outbox outbox)
    {
        if (request.IsHope)
        {
            Pulls.Renew(link, request, said.Entries);
            return;
        }

        var isUseful = !said.Headers.IsEmpty || !said.Proofs.IsEmpty || said.Entries.Any(IsHeld);
        outbox.Answered(link, said, isUseful);
        if (!isUseful)
        {
            Pulls.Distrust(link);
        }
    }

    public void Expire(Link link, long number, Outbox outbox)
    {
        var request = Pulls.Finish(link, number);
        if (request is { IsHope: true })
        {
            Pulls.Retry(link, request);
        }
        else if (request is not null)
        {
            outbox.Count(Tally.PullsExpired);
            outbox.PromiseBroken(link, $"no answer to pull {number} of what it had offered");
            Pulls.Distrust(link);
        }
    }

    /// <summary>Clips a request to what may be served: held, and before the closure.</summary>
    public void Serve(Link link, GossipMessage.PullRequest said, Outbox outbox)
    {
        if (!_subscribers.ContainsKey(link))
        {
            outbox.Refuse(RefusalCode.MessageUnexpected, $"{link}: a pull without a subscription");
            return;
        }

        var wants = ImmutableArray.CreateBuilder<Want>();
        var proofs = ImmutableArray.CreateBuilder<ForkProof>();
        var revocations = ImmutableArray.CreateBuilder<Entry>();
        foreach (var want in said.Wants)
        {
            if (logs.TryGetValue(want.Log, out var state))
            {
                wants.Add(want with
                {
                    Entries = want.Entries.Intersect(state.Held),
                    Headers = [.. want.Headers.Where(state.Holds)],
                });
                if (want.WantsProof)
                {
                    if (state.Closure is { } closure)
                    {
                        proofs.Add(closure.Proof);
                    }

                    revocations.AddRange(policy.DisputedOf(state));
                }
            }
        }

        outbox.Add(new Effect.Serve(
            link, topic, said.Request, wants.DrainToImmutable(), proofs.DrainToImmutable())
        {
            Revocations = revocations.DrainToImmutable(),
        });
    }

    private void FinishIfDone(Comparison comparison, Outbox outbox)
    {
        if (comparison.IsDone)
        {
            _comparisons.Remove((comparison.Link, comparison.Round));
            outbox.Tell(new Signal.CaughtUp(comparison.Link, topic, comparison.Round));
        }
    }

    /// <summary>A suspicion may be wrong, and to have nobody is worse.</summary>
    private bool IsPassedOver(Link link) => _quarantined.Contains(_subscribers[link])
        && !_subscribers.Values.All(_quarantined.Contains);

    private bool IsHeld(Entry entry) =>
        logs.TryGetValue(entry.Header.Log, out var state)
        && state.Holds(entry.Header.Seq);

    private void Forget(Func<(Link Link, long Round), bool> which)
    {
        foreach (var key in _comparisons.Keys.Where(which).ToArray())
        {
            _comparisons.Remove(key);
        }
    }
}
