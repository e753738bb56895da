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
    private readonly SortedDictionary<LogId, Closure> _closures = [];
    private readonly Looks _looks = new();
    private readonly Keyed _keyed = new();
    private readonly Delivery _delivery;
    private readonly Author _author;
    private readonly Intake _intake;
    private readonly Repair _repair;
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
            var state = new LogState(log, islands[log.Log]);
            _logs.Add(log.Log, state);
            _durable.Add(log.Log, state.Row);
            if (log.Closure is { } closure)
            {
                _closures.Add(log.Log, closure);
            }
        }

        var rules = new EntryRules(self.Network, _topic, keys);
        _delivery = new(_topic, record.Position, _logs);
        _author = new(self, _topic, keys, draw);
        _intake = new(_topic, rules, _logs, _delivery, _author, _looks);
        _repair = new(_topic, options, _logs, _durable, _looks);
    }

    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.Started:
                Start(outbox);
                break;
            case Signal.Restate:
                TellAdvanced(_durable.Values, outbox);
                break;
            case Signal.Publish { Key: { } key } publish:
                _keyed.Ask(publish, key, outbox);
                break;
            case Signal.Publish publish:
                _author.Enqueue(publish);
                if (_committing is not null)
                {
                    // It goes with the next batch, and nothing else has changed.
                    return;
                }

                break;
            case Signal.Recalled recalled:
                if (_keyed.IsNew(recalled, outbox))
                {
                    _author.Enqueue(recalled.Asked);
                }

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
            case Signal.Found { Suspicion: Suspicion.OfClaim claim } found:
                _looks.Conclude(found.Suspicion);
                _repair.Confirm(found, claim, outbox);
                break;
            case Signal.Found found:
                _looks.Conclude(found.Suspicion);
                _intake.Conclude(found, _repair.Pulls, outbox);
                break;
            case Signal.Loaded loaded:
                TakeLoaded(loaded);
                break;
            case Signal.Stored(_, var batch):
                Conclude(batch, outbox);
                break;
            case Signal.PullExpired(_, var link, var request):
                _repair.Expire(link, request, outbox);
                break;
            case Signal.Subscribed(var link, var did, _, true):
                _repair.Note(link, did);
                break;
            case Signal.Subscribed(var link, _, _, false):
                _repair.Drop(link);
                break;
            case Signal.PeerDown(var link, _):
                _repair.Drop(link);
                break;
            case Signal.Distrusted(var quarantined, _):
                _repair.Quarantined = quarantined;
                break;
            case Signal.PullDue or Signal.Stopping:
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }

        Settle(now, outbox);
    }

    /// <summary>
    /// After every signal: commit what waits, ask for what lacks.
    /// </summary>
    private void Settle(Moment now, Outbox outbox)
    {
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
        _author.Resume(_storedIncarnation, _logs, outbox);
        TellAdvanced(_durable.Values, outbox);
        outbox.Add(new Effect.Delivered(_topic, _delivery.Position));
        _intake.Next.Touched.UnionWith(_logs.Keys);
        Show(outbox);
    }

    private void TakeResponse(
        Link link, GossipMessage.PullResponse said, int bytes, Outbox outbox)
    {
        if (!_repair.Finish(link, said, outbox))
        {
            outbox.Add(new Effect.Credit(link, bytes));
            return;
        }

        _intake.TakeHeaders(link, said.Headers, outbox);
        _intake.Take(link, said.Entries, said.Proofs, bytes, outbox);
        _repair.Assess(link, said, outbox);
    }

    private void TakeLoaded(Signal.Loaded loaded)
    {
        if (loaded.Log == _author.Log && !_author.IsReady)
        {
            _author.Take(loaded.Headers.Single(), _logs[loaded.Log]);
            return;
        }

        _delivery.Take(loaded.Log, loaded.Headers);
        _intake.Next.Touched.Add(loaded.Log);
    }

    private void Commit(Moment now, Outbox outbox)
    {
        if (_intake.Next.Touched.Count == 0 && !_author.HasWork)
        {
            return;
        }

        var plan = _intake.TakePlan();
        Place(plan, plan.Touched);
        for (var bytes = 0; _author.HasWork && bytes < _options.Sizes.CreditBytes;)
        {
            if (_author.TakeNeedlessEnd(_logs) is { } end)
            {
                outbox.Add(new Effect.Acknowledge(end.Call, []));
                continue;
            }

            var (entry, publishes) = _author.Write(_logs, _delivery.Clock, now);
            bytes += entry.Size;
            _intake.Hold(entry, plan, outbox);
            Place(plan, [entry.Header.Log]);
            var position = plan.Placements.FindLast(p => p.Dot == entry.Dot).Position;
            plan.Publishes.Add((entry, publishes, position));
        }

        _delivery.Forget();
        if (plan.IsEmpty)
        {
            _delivery.Read(outbox);
            Show(outbox);
            return;
        }

        Persist(plan, outbox);
    }

    private void Persist(Plan plan, Outbox outbox)
    {
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
            Keys =
            [
                .. plan.Published()
                    .Where(p => p.Publish.Key is not null)
                    .Select(p => new KeyRecord(p.Publish.Key!.Value, p.Place)),
            ],
            OwnIncarnation = _author.TakeUnstored(),
        }));
    }

    private void Place(Plan plan, IEnumerable<LogId> touched)
    {
        var placements = _delivery.Advance(touched);
        plan.Placements.AddRange(placements);
        plan.Touched.UnionWith(placements.Select(p => p.Dot.Log));
    }

    /// <summary>Durable: only now may anybody be told.</summary>
    private void Conclude(long batch, Outbox outbox)
    {
        Invariant.Holds(_committing is not null && batch == _batches, "a batch ended twice");
        var plan = _committing!;
        _committing = null;
        plan.Rows.ForEach(row => _durable[row.Log] = row);
        plan.Closures.ForEach(c => _closures[c.Closure.Log] = c.Closure);
        plan.Acknowledge(_keyed, outbox);
        plan.Announce(_topic, _repair.Subscribers, _options, outbox);
        TellAdvanced(plan.Rows, outbox);
        _repair.Judge([.. plan.Rows.Select(row => row.Log)], outbox);
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
        [.. _closures.Values])));

    private void TellAdvanced(IEnumerable<Row> rows, Outbox outbox)
    {
        foreach (var row in rows)
        {
            outbox.Tell(new Signal.Advanced(_topic, row));
        }
    }
}
