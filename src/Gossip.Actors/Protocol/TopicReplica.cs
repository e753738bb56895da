using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What was written in this topic? Admits what arrives, writes what is published, and gives both a
/// place in the order of delivery: one batch at a time, and nothing is told before it is durable.
/// </summary>
public sealed class TopicReplica : IMachine
{
    private readonly TopicId _topic;
    private readonly GossipOptions _options;
    private readonly SortedDictionary<LogId, LogState> _logs = [];
    private readonly SortedDictionary<Link, Did> _subscribers = [];
    private readonly Dictionary<(Link, long), Comparison> _comparisons = [];
    private readonly ulong? _storedIncarnation;
    private readonly EntryRules _rules;
    private readonly Delivery _delivery;
    private readonly Author _author;
    private readonly Forks _forks;
    private readonly Pulls _pulls;
    private readonly Looks _looks = new();
    private readonly SortedDictionary<LogId, Row> _durable = [];
    private Plan _next = new();
    private Plan? _committing;
    private long _batches;
    private bool _isRestateDue;

    public TopicReplica(
        TopicRecord record, Self self, IKeys keys, GossipOptions options, Func<ulong> draw)
    {
        (_topic, _options, _storedIncarnation) = (record.Topic, options, record.OwnIncarnation);
        var islands = record.Islands.ToLookup(i => i.Dot.Log);
        foreach (var log in record.Logs)
        {
            var state = new LogState(log, islands[log.Log]);
            _logs.Add(log.Log, state);
            _durable.Add(log.Log, state.Row);
        }

        _rules = new(self.Network, _topic, keys);
        _delivery = new(_topic, record.Position, _logs);
        _author = new(self, _topic, keys, draw);
        _forks = new(_topic, _rules, _logs, _looks);
        _pulls = new(options, _logs);
    }

    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.Started:
                Start(outbox);
                break;
            case Signal.Publish publish:
                _author.Enqueue(publish);
                break;
            case Signal.Received(var link, _, GossipMessage.Announcement said, var bytes):
                Take(link, said.Entries, said.Proofs, bytes, outbox);
                break;
            case Signal.Received(var link, _, GossipMessage.PullResponse said, var bytes):
                TakeResponse(link, said, bytes, outbox);
                break;
            case Signal.Received(var link, _, GossipMessage.PullRequest said, var bytes):
                Serve(link, said, outbox);
                outbox.Add(new Effect.Credit(link, bytes));
                break;
            case Signal.Shown shown:
                Weigh(shown, now, outbox);
                break;
            case Signal.Found found:
                Resolve(found, outbox);
                break;
            case Signal.Loaded(_, var log, var headers):
                TakeLoaded(log, headers);
                break;
            case Signal.Stored(_, var batch):
                Conclude(batch, outbox);
                break;
            case Signal.PullExpired(_, var link, var request):
                Expire(link, request, outbox);
                break;
            case Signal.Subscribed(var link, var did, _, var isSubscribed):
                Note(link, did, isSubscribed);
                break;
            case Signal.PeerDown(var link, _):
                Note(link, null, false);
                break;
            case Signal.Restate:
                _isRestateDue = true;
                break;
            case Signal.PullDue or Signal.PeerUp or Signal.Stopping:
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }

        Settle(now, outbox);
    }

    /// <summary>After every signal: judge what is durable, commit what waits, ask for what lacks.</summary>
    private void Settle(Moment now, Outbox outbox)
    {
        Restate(outbox);
        JudgeComparisons(outbox);
        _looks.WaitFor(_next.Entries.Count > 0 ? _batches + 1 : _batches);
        if (_committing is null)
        {
            Commit(now, outbox);
        }

        _looks.Release(_committing is null ? _batches : _batches - 1, outbox);
        _pulls.Ask(_topic, now, outbox);
    }

    private void Start(Outbox outbox)
    {
        _author.Resume(_storedIncarnation, _logs, outbox);
        _isRestateDue = true;
        foreach (var log in _logs.Keys)
        {
            _next.Touched.Add(log);
        }
    }

    private void Restate(Outbox outbox)
    {
        if (_isRestateDue)
        {
            _isRestateDue = false;
            TellAdvanced(_durable.Values, outbox);
        }
    }

    private void Note(Link link, Did? did, bool isSubscribed)
    {
        if (isSubscribed && did is not null)
        {
            _subscribers[link] = did;
            _pulls.Add(link);
            return;
        }

        _subscribers.Remove(link);
        _pulls.Drop(link);
        foreach (var key in _comparisons.Keys.Where(k => k.Item1 == link).ToArray())
        {
            _comparisons.Remove(key);
        }
    }

    private void Take(
        Link link,
        ImmutableArray<Entry> entries,
        ImmutableArray<ForkProof> proofs,
        int bytes,
        Outbox outbox)
    {
        foreach (var proof in proofs)
        {
            _forks.Examine(proof, outbox);
        }

        var admitted = entries.Count(entry => Admit(link, entry, outbox));
        if (admitted > 0)
        {
            // The credit comes back when they are stored: a reader never outruns the disk.
            _next.Credits.Add((link, bytes));
        }
        else
        {
            outbox.Add(new Effect.Credit(link, bytes));
        }

        outbox.Count(Tally.EntriesReceived, admitted);
    }

    /// <summary>Format, closure, duplicates, contradictions, and the signature last.</summary>
    private bool Admit(Link link, Entry entry, Outbox outbox)
    {
        if (_rules.RefusalOf(entry) is var (code, detail))
        {
            outbox.Refuse(code, detail);
            return false;
        }

        var (header, id) = (entry.Header, entry.Id);
        var state = _logs.GetValueOrDefault(header.Log);
        if (state is not null && state.IdAt(header.Seq) == id)
        {
            outbox.Count(Tally.EntriesDuplicate);
            return false;
        }

        var isHeld = state?.Holdings.Contains(header.Seq) == true;
        if (state is not null
            && (isHeld || header.Seq >= state.End || state.Contradicts(header, id)))
        {
            _forks.Suspect(entry.SignedHeader, link, outbox);
            return false;
        }

        if (!_rules.IsSigned(entry.SignedHeader))
        {
            outbox.Refuse(RefusalCode.SignatureWrong, $"{entry.Dot}: not signed by its author");
            return false;
        }

        if (header.Log == _author.Log)
        {
            // Our own entry, which we lack: this store is older than what we once told others.
            _author.Renounce();
            outbox.Count(Tally.IncarnationsBegun);
        }

        Hold(entry);
        return true;
    }

    private void Hold(Entry entry)
    {
        var header = entry.Header;
        StateOf(header.Log).Add(header, entry.Id);
        _next.Entries.Add(entry);
        _next.Touched.Add(header.Log);
        _delivery.Know(entry.SignedHeader);
    }

    private LogState StateOf(LogId log)
    {
        if (!_logs.TryGetValue(log, out var state))
        {
            _logs.Add(log, state = new(log));
        }

        return state;
    }

    private void TakeResponse(
        Link link, GossipMessage.PullResponse said, int bytes, Outbox outbox)
    {
        if (!_pulls.Finish(link, said.Request))
        {
            outbox.Refuse(RefusalCode.MessageUnexpected, $"{link}: an answer nobody asked for");
            outbox.Add(new Effect.Credit(link, bytes));
            return;
        }

        foreach (var header in said.Headers.Where(h => _rules.RefusalOf(h.Header) is null))
        {
            _forks.Suspect(header, link, outbox);
        }

        Take(link, said.Entries, said.Proofs, bytes, outbox);
        var isUseful = !said.Headers.IsEmpty || !said.Proofs.IsEmpty || said.Entries.Any(IsHeld);
        if (!isUseful)
        {
            _pulls.Distrust(link);
        }
    }

    private bool IsHeld(Entry entry) =>
        _logs.TryGetValue(entry.Header.Log, out var state)
        && state.Holdings.Contains(entry.Header.Seq);

    private void Expire(Link link, long request, Outbox outbox)
    {
        if (_pulls.Finish(link, request))
        {
            outbox.Count(Tally.PullsExpired);
            _pulls.Distrust(link);
        }
    }

    /// <summary>Clips a request to what may be served: held, and before the closure.</summary>
    private void Serve(Link link, GossipMessage.PullRequest said, Outbox outbox)
    {
        if (!_subscribers.ContainsKey(link))
        {
            outbox.Refuse(RefusalCode.MessageUnexpected, $"{link}: a pull without a subscription");
            return;
        }

        var wants = ImmutableArray.CreateBuilder<Want>();
        var proofs = ImmutableArray.CreateBuilder<ForkProof>();
        foreach (var want in said.Wants)
        {
            if (_logs.TryGetValue(want.Log, out var state))
            {
                var held = state.Holdings.Held;
                wants.Add(want with
                {
                    Entries = want.Entries.Except(want.Entries.Except(held)),
                    Headers = [.. want.Headers.Where(state.Holdings.Contains)],
                });
                if (want.WantsProof && state.Closure is { } closure)
                {
                    proofs.Add(closure.Proof);
                }
            }
        }

        outbox.Add(new Effect.Serve(
            link, _topic, said.Request, wants.DrainToImmutable(), proofs.DrainToImmutable()));
    }

    private void Weigh(Signal.Shown shown, Moment now, Outbox outbox)
    {
        var (link, _, round, rows) = shown;
        if (!_pulls.Knows(link))
        {
            return;
        }

        if (round == 0)
        {
            rows.ToList().ForEach(row => _pulls.OfferLater(link, row, now));
            outbox.After(_options.Times.PullGrace, new Signal.PullDue(_topic));
            return;
        }

        rows.ToList().ForEach(row => _pulls.Offer(link, row));
        foreach (var old in _comparisons.Keys
            .Where(k => k.Item1 == link && Math.Sign(k.Item2) == Math.Sign(round)).ToArray())
        {
            _comparisons.Remove(old);
        }

        _comparisons.Add((link, round), new(link, round, rows));
    }

    private void JudgeComparisons(Outbox outbox)
    {
        foreach (var (key, comparison) in _comparisons.OrderBy(c => c.Key).ToArray())
        {
            comparison.Judge(_topic, _durable, _pulls, _looks);
            if (comparison.IsDone)
            {
                _comparisons.Remove(key);
                outbox.Tell(new Signal.CaughtUp(comparison.Link, _topic, comparison.Round));
            }
        }
    }

    private void Resolve(Signal.Found found, Outbox outbox)
    {
        if (found.Suspicion is Suspicion.OfClaim(var from, var seq, var prefix))
        {
            var held = found.Headers.FirstOrDefault(h => h.Header.Seq == seq);
            foreach (var comparison in _comparisons.Values.Where(c => c.Link == from))
            {
                comparison.Confirm(
                    found.Log, seq, held is null || held.Id.Hash.Prefix == prefix, _pulls);
            }

            return;
        }

        if (found.Suspicion is Suspicion.OfHeader(var header, { } link)
            && found.Headers.Any(h => h.Id == header.Id))
        {
            outbox.Count(Tally.EntriesDuplicate);
            _pulls.Agree(link, found.Log, header.Header.Seq);
            return;
        }

        if (_forks.Conclude(found, outbox) is var (closure, idBefore))
        {
            Close(found.Log, closure, idBefore, outbox);
        }
    }

    private void Close(LogId log, Closure closure, EntryId? idBefore, Outbox outbox)
    {
        StateOf(log).Close(closure, idBefore);
        _next.Entries.RemoveAll(e => e.Header.Log == log && e.Header.Seq >= closure.Slot);
        _next.Touched.Add(log);
        _next.Proofs.Add(closure.Proof);
        outbox.Count(Tally.LogsClosed);
        if (log == _author.Log)
        {
            _author.Renounce();
            outbox.Count(Tally.IncarnationsBegun);
        }
    }

    private void TakeLoaded(LogId log, ImmutableArray<SignedHeader> headers)
    {
        if (log == _author.Log && !_author.IsReady)
        {
            _author.Take(headers.Single(), _logs[log]);
            return;
        }

        _delivery.Take(log, headers);
        _next.Touched.Add(log);
    }

    private void Commit(Moment now, Outbox outbox)
    {
        if (_next.Touched.Count == 0 && !_author.HasWork)
        {
            return;
        }

        var plan = _next;
        _next = new();
        Place(plan, plan.Touched);
        for (var bytes = 0; _author.HasWork && bytes < _options.Sizes.CreditBytes;)
        {
            var (entry, publishes) = _author.Write(_logs, now);
            bytes += entry.Size;
            StateOf(entry.Header.Log).Add(entry.Header, entry.Id);
            _delivery.Know(entry.SignedHeader);
            plan.Touched.Add(entry.Header.Log);
            plan.Entries.Add(entry);
            Place(plan, [entry.Header.Log]);
            plan.Publishes.Add((entry, publishes, _delivery.Position));
        }

        _delivery.Forget();
        if (plan.IsEmpty)
        {
            _delivery.Read(outbox);
            return;
        }

        _committing = plan;
        var touched = plan.Touched.Select(l => _logs[l]).Where(s => !s.IsEmpty).ToArray();
        plan.Rows.AddRange(touched.Select(s => s.Row));
        outbox.Add(new Effect.Persist(new()
        {
            Topic = _topic,
            Number = ++_batches,
            Entries = [.. plan.Entries],
            Logs = [.. touched.Select(s => s.Record)],
            Placements = [.. plan.Placements],
            OwnIncarnation = _author.TakeUnstored(),
        }));
    }

    private void Place(Plan plan, IEnumerable<LogId> touched)
    {
        var placements = _delivery.Advance(touched);
        _author.NoteDelivered(placements);
        plan.Placements.AddRange(placements);
        plan.Touched.UnionWith(placements.Select(p => p.Dot.Log));
    }

    /// <summary>Durable: only now may anybody be told.</summary>
    private void Conclude(long batch, Outbox outbox)
    {
        Invariant.Holds(batch == _batches && _committing is not null, "a batch ended twice");
        var plan = _committing!;
        _committing = null;
        plan.Acknowledge(outbox);
        plan.Announce(_topic, _subscribers, _options, outbox);
        plan.Rows.ForEach(row => _durable[row.Log] = row);
        TellAdvanced(plan.Rows, outbox);
        _delivery.Read(outbox);
        if (plan.Placements.Count > 0)
        {
            outbox.Add(new Effect.Delivered(_topic, _delivery.Position));
        }

        outbox.Add(new Effect.Show(new View.Delivery(
            _topic,
            _delivery.Position,
            _delivery.BlockedViews,
            [.. _logs.Values.Select(l => l.Closure).OfType<Closure>()])));
    }

    private void TellAdvanced(IEnumerable<Row> rows, Outbox outbox)
    {
        foreach (var row in rows)
        {
            outbox.Tell(new Signal.Advanced(_topic, row));
        }
    }
}
