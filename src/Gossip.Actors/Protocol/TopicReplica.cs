namespace Gossip.Actors.Protocol;

/// <summary>
/// What was written in this topic? Admits what arrives, writes what is published, and gives both a
/// place in the order of delivery: one batch at a time, and nothing is told before it is durable.
/// </summary>
public sealed class TopicReplica : IMachine
{
    private readonly TopicId _topic;
    private readonly TopicName _name;
    private readonly GossipOptions _options;
    private readonly ulong? _storedIncarnation;
    private readonly SortedDictionary<LogId, LogState> _logs = [];
    private readonly SortedDictionary<LogId, Row> _durable = [];
    private readonly Endings _endings;
    private readonly Looks _looks = new();
    private readonly Keyed _keyed = new();
    private readonly Policy _policy;
    private readonly Delivery _delivery;
    private readonly Authorship _own;
    private readonly Intake _intake;
    private readonly Governor _governor;
    private readonly Handover _handover;
    private readonly Eraser _eraser;
    private readonly Erasures _erasures;
    private readonly Writing _writing;
    private readonly Repair _repair;
    private readonly Forgetting _forgetting;
    private Plan? _committing;
    private long _batches;

    public TopicReplica(
        TopicRecord record, Self self, IKeys keys, GossipOptions options, Func<ulong> draw)
    {
        (_topic, _name, _options) = (record.Topic, record.Name, options);
        _storedIncarnation = record.OwnIncarnation;
        var islands = record.Islands.ToLookup(i => i.Dot.Log);
        foreach (var log in record.Logs)
        {
            _logs.Add(log.Log, new(log, islands[log.Log]));
        }

        _endings = new(record.Logs);
        _policy = new(new(_topic, _name), record.Policies, _logs);
        foreach (var row in _logs.Values.Select(_policy.RowOf).OfType<Row>())
        {
            _durable.Add(row.Log, row);
        }

        var rules = new EntryRules(self.Network, _topic, keys);
        _delivery = new(_topic, record.Position, _logs, _policy);
        _own = new(self, _topic, keys, draw, _logs, _policy);
        _erasures = new(_policy, rules, record.Erasures);
        _intake = new(_topic, rules, _logs, _policy, _erasures, _delivery, _own, _looks);
        _governor = new(new(_topic, _name), self, _policy, _logs, _own, _looks);
        _handover = new(self, _topic, keys, draw, _logs, _policy, _own);
        _eraser = new(self, _topic, keys, _policy, _own);
        _writing = new(_own, _intake, _delivery, _policy, _logs, options.Sizes);
        _repair = new(_topic, options, _logs, _durable, _policy, _looks);
        _forgetting = new(_logs, _policy);
        _forgetting.Review();
    }

    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.Started:
                Start(outbox);
                break;
            case Signal.Restate:
                TellAdvanced(outbox);
                _governor.TellTerms(outbox);
                break;
            case Signal.Publish { Key: { } key } publish:
                _keyed.Ask(publish, key, outbox);
                break;
            case Signal.Publish publish:
                _own.Content.Enqueue(publish);
                if (_committing is not null)
                {
                    return; // It goes with the next batch, and nothing else has changed.
                }

                break;
            case Signal.Recalled recalled when _keyed.IsNew(recalled, outbox):
                _own.Content.Enqueue(recalled.Asked);
                break;
            case Signal.Govern govern:
                _governor.Answer(govern, outbox);
                break;
            case Signal.Erase erase:
                _eraser.Ask(erase, outbox);
                break;
            case Signal.Rotate rotate:
                _handover.Ask(rotate, outbox);
                break;
            case Signal.Received(var link, _, GossipMessage.Announcement said, var bytes):
                _intake.Take(link, said.Entries, said.Proofs, bytes, outbox);
                break;
            case Signal.Received(var link, _, GossipMessage.PullResponse said, var bytes):
                TakeResponse(link, said, bytes, outbox);
                break;
            case Signal.Received(var link, _, GossipMessage.PullRequest said, var bytes):
                _repair.Serve(link, said, outbox);
                outbox.Add(new Effect.Credit(link, bytes));
                break;
            case Signal.Shown shown:
                _repair.Weigh(shown, now, outbox);
                break;
            case Signal.Trim trim:
                _forgetting.Trim(trim, _intake.Next);
                break;
            case Signal.Found found:
                _looks.Conclude(found.Suspicion);
                Conclude(found, outbox);
                break;
            case Signal.Loaded loaded:
                TakeLoaded(loaded);
                break;
            case Signal.Stored(_, var batch):
                Conclude(batch, now, outbox);
                break;
            case Signal.PullExpired(_, var link, var request):
                _repair.Expire(link, request, outbox);
                break;
            case Signal.Subscribed or Signal.PeerDown or Signal.Distrusted:
                _repair.Hear(signal);
                break;
            case Signal.Recalled or Signal.PullDue or Signal.Stopping:
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }

        Settle(now, outbox);
    }

    /// <summary>After every signal: commit what waits, ask for what lacks.</summary>
    private void Settle(Moment now, Outbox outbox)
    {
        FollowPolicy(_intake.Next, outbox);
        _forgetting.Lose(_repair.TakeUnserved(now), _intake.Next);
        _looks.WaitFor(_intake.Next.Entries.Count > 0 ? _batches + 1 : _batches);
        if (_committing is null)
        {
            Commit(now, outbox);
        }

        _looks.Release(_committing is null ? _batches : _batches - 1, outbox);
        _repair.Pulls.Ask(_topic, now, outbox);
    }

    /// <summary>A restart delivers what was stored and not yet delivered.</summary>
    private void Start(Outbox outbox)
    {
        _governor.Tell(outbox);
        _governor.Show(outbox);
        _own.Resume(_storedIncarnation, outbox);
        _governor.Cut(_intake.Next, outbox);
        TellAdvanced(outbox);
        outbox.Add(new Effect.Delivered(_topic, _delivery.Position));
        _intake.Next.Touched.UnionWith(_logs.Keys);
        Show(outbox);
    }

    private void TakeResponse(
        Link link, GossipMessage.PullResponse said, int bytes, Outbox outbox)
    {
        if (_repair.Finish(link, said, outbox) is not { } request)
        {
            outbox.Add(new Effect.Credit(link, bytes));
            return;
        }

        _intake.TakeHeaders(link, said.Headers, outbox);
        _intake.Take(link, said.Entries, said.Proofs, bytes, outbox);
        _repair.Assess(link, request, said, outbox);
    }

    private void Conclude(Signal.Found found, Outbox outbox)
    {
        switch (found.Suspicion)
        {
            case Suspicion.OfClaim claim:
                _repair.Confirm(found, claim, outbox);
                break;
            case Suspicion.OfRevocation revocation:
                _governor.Conclude(found, revocation, _intake.Next);
                break;
            default:
                _intake.Conclude(found, _repair.Pulls, outbox);
                break;
        }
    }

    private void TakeLoaded(Signal.Loaded loaded)
    {
        if (!_own.Take(loaded))
        {
            _delivery.Take(loaded.Log, loaded.Headers);
            _intake.Next.Touched.Add(loaded.Log);
        }
    }

    private void Commit(Moment now, Outbox outbox)
    {
        if (_intake.Next.Touched.Count == 0 && !_own.HasWork && !_handover.IsDue)
        {
            return;
        }

        var plan = _intake.TakePlan();
        _writing.Write(_own.Policy, plan, now, outbox);
        FollowPolicy(plan, outbox);
        _writing.Place(plan, plan.Touched);
        _writing.Write(_own.Content, plan, now, outbox);
        if (_handover.IsDue)
        {
            _writing.HandOver(_handover, plan, now, outbox);
            FollowPolicy(plan, outbox);
        }

        _delivery.Forget();
        if (plan.IsEmpty)
        {
            _delivery.Read(outbox);
            Show(outbox);
            return;
        }

        Persist(plan, now, outbox);
    }

    private void FollowPolicy(Plan plan, Outbox outbox)
    {
        if (_governor.Follow(plan, outbox))
        {
            _erasures.Review(plan);
            plan.Touched.UnionWith(_delivery.BlockedLogs);
            _intake.Retry(outbox);
        }
    }

    private void Persist(Plan plan, Moment now, Outbox outbox)
    {
        _committing = plan;
        var touched = plan.Touched.Select(l => _logs[l]).ToArray();
        plan.Show(touched, _policy);
        outbox.Add(new Effect.Persist(
            plan.ToBatch(_topic, ++_batches, touched, _own.TakeUnstored(), now)));
    }

    /// <summary>Durable: only now may anybody be told.</summary>
    private void Conclude(long batch, Moment now, Outbox outbox)
    {
        Invariant.Holds(_committing is not null && batch == _batches, "a batch ended twice");
        var plan = _committing!;
        _committing = null;
        _endings.Take(plan);
        _forgetting.Review(plan);
        if (plan.ChangesRights)
        {
            _governor.Show(outbox);
        }

        plan.Acknowledge(_keyed, outbox);
        plan.Announce(_topic, _repair.Subscribers, _options, outbox);
        plan.TellLedger(_topic, _durable, outbox);
        if (plan.ChangesRights)
        {
            _governor.Tell(outbox);
            _repair.Keep(_policy.Rights.Readers, outbox);
        }

        _repair.Judge([.. plan.Rows.Select(row => row.Log)], now, outbox);
        _delivery.Read(outbox);
        if (plan.Placements.Count > 0)
        {
            outbox.Add(new Effect.Delivered(_topic, plan.Placements[^1].Position));
        }

        Show(outbox);
        plan.TellWatchers(_name, outbox);
    }

    private void Show(Outbox outbox) => outbox.Add(new Effect.Show(new View.Delivery(
        _topic,
        _delivery.Position,
        _delivery.Clock,
        _delivery.BlockedViews,
        _endings.Closures,
        _endings.Revoked)
    {
        Lost = _forgetting.Lost,
    }));

    private void TellAdvanced(Outbox outbox) => _durable.Values.ToList()
        .ForEach(row => outbox.Tell(new Signal.Advanced(_topic, row)));
}
