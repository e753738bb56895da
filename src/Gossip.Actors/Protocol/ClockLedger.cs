using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Who holds what? Our own holdings, what each peer last claimed, and from both: heads to tell,
/// digests to compare, lag to show. It learns of our holdings only after a commit, so no digest
/// ever claims what the disk does not hold.
/// </summary>
public sealed class ClockLedger(GossipOptions options) : IMachine
{
    /// <summary>About 100 bytes a row: a message stays far below a frame.</summary>
    private const int RowsPerMessage = 4096;

    private readonly SortedDictionary<TopicId, TopicLedger> _topics = [];
    private readonly RoundTable _rounds = new();
    private bool _headsDue;

    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.TopicCarried(var topic, var name):
                _topics.TryAdd(topic, new(topic, name));
                ScheduleHeads(outbox);
                break;
            case Signal.Advanced(var topic, var row):
                Advance(topic, row, outbox);
                break;
            case Signal.HeadsDue:
                TellHeads(outbox);
                break;
            case Signal.Subscribed(var link, var did, var topic, var isSubscribed):
                _topics.GetValueOrDefault(topic)?.Note(link, did, isSubscribed);
                break;
            case Signal.PeerDown(var link, _):
                Drop(link);
                break;
            case Signal.Received(var link, _, GossipMessage.Heads heads, var bytes):
                Hear(link, heads, outbox);
                outbox.Add(new Effect.Credit(link, bytes));
                break;
            case Signal.Received(var link, _, GossipMessage.AntiEntropy step, var bytes):
                Step(link, step, now, outbox);
                outbox.Add(new Effect.Credit(link, bytes));
                break;
            case Signal.Compare(var link, var round):
                Open(link, round, outbox);
                break;
            case Signal.CaughtUp(var link, var topic, var round):
                CatchUp(link, topic, round, now, outbox);
                break;
            case Signal.Started or Signal.Restate or Signal.Stopping or Signal.PeerUp:
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }
    }

    private IEnumerable<TopicLedger> SharedWith(Link link) =>
        _topics.Values.Where(t => t.Peers.ContainsKey(link));

    private void Advance(TopicId id, Row row, Outbox outbox)
    {
        if (_topics.TryGetValue(id, out var topic))
        {
            topic.Advance(row);
            ScheduleHeads(outbox);
        }
    }

    private void ScheduleHeads(Outbox outbox)
    {
        if (!_headsDue)
        {
            _headsDue = true;
            outbox.After(options.Times.HeadsInterval, new Signal.HeadsDue());
        }
    }

    private void TellHeads(Outbox outbox)
    {
        _headsDue = false;
        foreach (var topic in _topics.Values)
        {
            foreach (var (link, rows) in options.Push ? topic.News() : [])
            {
                foreach (var part in rows.Chunk(RowsPerMessage))
                {
                    outbox.Send(link, new GossipMessage.Heads(topic.Id, [.. part]));
                }
            }

            topic.ClearNews();
            outbox.Add(new Effect.Show(topic.View()));
        }
    }

    private void Hear(Link link, GossipMessage.Heads heads, Outbox outbox)
    {
        if (_topics.TryGetValue(heads.Topic, out var topic)
            && topic.Peers.TryGetValue(link, out var peer))
        {
            peer.Claim(heads.Rows);
            var lacking = topic.Differing(heads.Rows);
            if (!lacking.IsEmpty)
            {
                outbox.Tell(new Signal.Shown(link, heads.Topic, 0, lacking));
            }
        }
    }

    private void Drop(Link link)
    {
        _rounds.Drop(link);
        foreach (var topic in _topics.Values)
        {
            topic.Peers.Remove(link);
        }
    }

    private void Open(Link link, long number, Outbox outbox)
    {
        _rounds.Open(new(link, number, isInitiator: true));
        Say(link, number, true, RoundStep.Summary, SummaryWith(link), [], outbox);
    }

    private Hash SummaryWith(Link link)
    {
        using var sha = System.Security.Cryptography.IncrementalHash.CreateHash(
            System.Security.Cryptography.HashAlgorithmName.SHA256);
        foreach (var topic in SharedWith(link))
        {
            sha.AppendData(topic.Id.Hash.ToArray());
            sha.AppendData(topic.Root.ToArray());
        }

        return Hash.Finish(sha);
    }

    private void Step(Link link, GossipMessage.AntiEntropy said, Moment now, Outbox outbox)
    {
        if (said.Step == RoundStep.Summary && said.IsInitiator)
        {
            Answer(link, said, now, outbox);
            return;
        }

        if (_rounds.Find(link, said.Round, !said.IsInitiator) is not { } round)
        {
            return;
        }

        switch (said.Step)
        {
            case RoundStep.Equal when round.IsInitiator:
                NoteEqual(link, now);
                End(round, true, "equal", outbox);
                break;
            case RoundStep.Digests:
                TakeDigests(round, said.Topics, outbox);
                break;
            case RoundStep.Closing:
                round.TakeClosing(said.Topics);
                break;
        }

        CloseIfDone(round, now, outbox);
    }

    private void Answer(Link link, GossipMessage.AntiEntropy said, Moment now, Outbox outbox)
    {
        var summary = SummaryWith(link);
        if (summary == said.Summary)
        {
            // An older round of this peer was given up.
            _rounds.CloseAnswered(link);
            NoteEqual(link, now);
            Say(link, said.Round, false, RoundStep.Equal, summary, [], outbox);
            return;
        }

        // The first flight speculates: a few rows ride along with the roots.
        var round = _rounds.Open(new(link, said.Round, isInitiator: false));
        var room = Round.InlineRowsMax;
        var digests = SharedWith(link).Select(topic =>
        {
            if (topic.Rows.Count > room)
            {
                round.Name(topic.Id, topic.Root);
                return TopicDigest.OfRoot(topic.Id, topic.Root);
            }

            room -= topic.Rows.Count;
            round.Name(topic.Id, topic.Root);
            round.Show(topic.Id, topic.Rows);
            return new TopicDigest(topic.Id, topic.Root, true, true, [.. topic.Rows.Values]);
        });
        Say(link, said.Round, false, RoundStep.Digests, summary, [.. digests], outbox);
    }

    private void TakeDigests(Round round, ImmutableArray<TopicDigest> digests, Outbox outbox)
    {
        foreach (var theirs in digests)
        {
            if (!_topics.TryGetValue(theirs.Topic, out var topic)
                || !topic.Peers.TryGetValue(round.Link, out var peer))
            {
                continue;
            }

            round.Name(topic.Id, theirs.Root);
            if (theirs.Root == topic.Root && !theirs.HasRows)
            {
                continue;
            }

            if (round.Take(theirs) is { } rows)
            {
                peer.ClaimAll(rows);
                var mine = round.Shown(topic.Id) ?? topic.Rows;
                var differing = Differing(rows.Values, mine);
                round.Weigh(rows, mine);
                outbox.Tell(new Signal.Shown(round.Link, topic.Id, round.Key, differing));
            }

            if (round.Shown(topic.Id) is not null)
            {
                continue;
            }

            if (theirs.Root == topic.Root && round.IsInitiator)
            {
                // Their rows are ours: nothing to show, nothing to wait for.
                round.Settle(topic.Id, topic.Root);
            }
            else
            {
                // Who began a round and showed its rows waits for ours, even if we caught up since.
                ShowRows(round, topic, outbox);
            }
        }
    }

    private static ImmutableArray<Row> Differing(
        IEnumerable<Row> theirs,
        ImmutableSortedDictionary<LogId, Row> mine) =>
        [.. theirs.Where(r => mine.GetValueOrDefault(r.Log)?.Digest != r.Digest)];

    private static void ShowRows(Round round, TopicLedger topic, Outbox outbox)
    {
        round.Show(topic.Id, topic.Rows);
        var parts = topic.Rows.Values.Chunk(RowsPerMessage).DefaultIfEmpty([]).ToArray();
        for (var i = 0; i < parts.Length; i++)
        {
            var part = new TopicDigest(
                topic.Id, topic.Root, true, i == parts.Length - 1, [.. parts[i]]);
            Say(round.Link, round.Number, round.IsInitiator, RoundStep.Digests, default, [part],
                outbox);
        }
    }

    private void CatchUp(Link link, TopicId topic, long key, Moment now, Outbox outbox)
    {
        foreach (var round in _rounds.Of(link).Where(r => r.Key == key).ToArray())
        {
            round.CatchUp(topic);
            CloseIfDone(round, now, outbox);
        }
    }

    /// <summary>
    /// The initiator closes first, once it holds all that both showed; the other side answers when
    /// it does too. Both send the root at the frontier that both showed when the round began.
    /// </summary>
    private void CloseIfDone(Round round, Moment now, Outbox outbox)
    {
        if (!round.MayClose)
        {
            return;
        }

        var roots = round.FrontierRoots();
        if (!round.HasClosed)
        {
            round.HasClosed = true;
            Say(round.Link, round.Number, round.IsInitiator, RoundStep.Closing, default,
                [.. roots.Select(r => TopicDigest.OfRoot(r.Key, r.Value))], outbox);
        }

        if (round.TheirClosing is { } theirs)
        {
            var isEqual = roots.All(r => theirs.GetValueOrDefault(r.Key) == r.Value);
            if (isEqual)
            {
                NoteEqual(round.Link, now);
            }

            End(round, isEqual, isEqual ? "mended" : "roots differ", outbox);
        }
    }

    private void End(Round round, bool isEqual, string outcome, Outbox outbox)
    {
        _rounds.Close(round);
        if (round.IsInitiator)
        {
            outbox.Tell(new Signal.RoundEnded(
                round.Link, round.Number, isEqual, outcome, round.TheyLack, round.WeLack));
        }
    }

    private void NoteEqual(Link link, Moment now)
    {
        foreach (var topic in SharedWith(link))
        {
            topic.Peers[link].NoteEqual(now.UnixMilliseconds);
        }
    }

    private static void Say(
        Link link, long round, bool isInitiator, RoundStep step, Hash summary,
        ImmutableArray<TopicDigest> topics, Outbox outbox) =>
        outbox.Send(
            link, new GossipMessage.AntiEntropy(round, isInitiator, step, summary, topics));
}
