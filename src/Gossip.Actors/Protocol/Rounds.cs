using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Gossip.Actors.Protocol;

/// <summary>
/// How does a round go? Summary, digests, closing: with each peer at most one round of ours runs,
/// and one of its own. README.md tells the steps.
/// </summary>
internal sealed class Rounds(SortedDictionary<TopicId, TopicLedger> topics)
{
    private readonly SortedDictionary<(Link Link, bool IsInitiator), Round> _rounds = [];

    public void Drop(Link link)
    {
        _rounds.Remove((link, true));
        _rounds.Remove((link, false));
    }

    public void Open(Link link, long number, Outbox outbox)
    {
        var round = Begin(new(link, number, isInitiator: true));
        foreach (var topic in SharedWith(link))
        {
            round.Remember(topic.Id, topic.Rows);
        }

        Say(link, number, true, RoundStep.Summary, SummaryWith(link), [], outbox);
    }

    private Hash SummaryWith(Link link)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData("gossip/summary/1"u8);
        foreach (var topic in SharedWith(link))
        {
            sha.AppendData(topic.Id.Hash.ToArray());
            sha.AppendData(topic.Root.ToArray());
        }

        return Hash.Finish(sha);
    }

    public void Step(Link link, GossipMessage.AntiEntropy said, Moment now, Outbox outbox)
    {
        if (said.Step == RoundStep.Summary && said.IsInitiator)
        {
            Answer(link, said, now, outbox);
            return;
        }

        if (Find(link, said.Round, !said.IsInitiator) is not { } round)
        {
            return;
        }

        switch (said.Step)
        {
            case RoundStep.Equal when round.IsInitiator:
                NoteEqual(round, now);
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
            _rounds.Remove((link, false));
            foreach (var topic in SharedWith(link))
            {
                topic.Peers[link].NoteEqual(topic.Rows.Values, now.UnixMilliseconds);
            }

            Say(link, said.Round, false, RoundStep.Equal, summary, [], outbox);
            return;
        }

        // The first flight speculates: a few rows ride along with the roots.
        var round = Begin(new(link, said.Round, isInitiator: false));
        var room = Round.InlineBytesMax;
        var digests = SharedWith(link).Select(topic =>
        {
            var bytes = topic.Rows.Values.Sum(row => row.SizeMax);
            if (bytes > room)
            {
                round.Name(topic.Id, topic.Root);
                return TopicDigest.OfRoot(topic.Id, topic.Root);
            }

            room -= bytes;
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
            if (!topics.TryGetValue(theirs.Topic, out var topic)
                || !topic.Peers.TryGetValue(round.Link, out var peer))
            {
                continue;
            }

            round.Name(topic.Id, theirs.Root);
            if (theirs.Root == topic.Root && !theirs.HasRows)
            {
                round.Remember(topic.Id, topic.Rows);
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
        var parts = Row.Split(topic.Rows.Values).DefaultIfEmpty([]).ToArray();
        for (var i = 0; i < parts.Length; i++)
        {
            var part = new TopicDigest(
                topic.Id, topic.Root, true, i == parts.Length - 1, [.. parts[i]]);
            Say(round.Link, round.Number, round.IsInitiator, RoundStep.Digests, default, [part],
                outbox);
        }
    }

    public void CatchUp(Link link, TopicId topic, long key, Moment now, Outbox outbox)
    {
        foreach (var round in _rounds.Values.Where(r => r.Link == link && r.Key == key).ToArray())
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
                NoteEqual(round, now);
            }

            End(round, isEqual, isEqual ? "mended" : "roots differ", outbox);
        }
    }

    private void End(Round round, bool isEqual, string outcome, Outbox outbox)
    {
        _rounds.Remove((round.Link, round.IsInitiator));
        if (round.IsInitiator)
        {
            outbox.Tell(new Signal.RoundEnded(
                round.Link, round.Number, isEqual, outcome, round.TheyLack, round.WeLack));
        }
    }

    /// <summary>The peer holds what was compared; what we stored since is not part of it.</summary>
    private void NoteEqual(Round round, Moment now)
    {
        foreach (var topic in SharedWith(round.Link))
        {
            if (round.Compared(topic.Id) is { } rows)
            {
                topic.Peers[round.Link].NoteEqual(rows.Values, now.UnixMilliseconds);
            }
        }
    }

    private static void Say(
        Link link, long round, bool isInitiator, RoundStep step, Hash summary,
        ImmutableArray<TopicDigest> topics, Outbox outbox) =>
        outbox.Send(
            link, new GossipMessage.AntiEntropy(round, isInitiator, step, summary, topics));

    /// <summary>A new round replaces the last: that one was given up.</summary>
    private Round Begin(Round round) => _rounds[(round.Link, round.IsInitiator)] = round;

    private Round? Find(Link link, long number, bool isInitiator) =>
        _rounds.TryGetValue((link, isInitiator), out var round) && round.Number == number
            ? round
            : null;

    private IEnumerable<TopicLedger> SharedWith(Link link) =>
        topics.Values.Where(t => t.Peers.ContainsKey(link));
}
