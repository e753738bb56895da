using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scripts;

/// <summary>What can be told of a running world?</summary>
public enum Tale
{
    Commits,
    Acks,
    Deliveries,
    Messages,

    /// <summary>Heads, as their own kind: there are many.</summary>
    Heads,
    Rounds,
    Closures,
    Links,
    Refusals,
    Standings,
    Logs,
    Times,
}

/// <summary>
/// What happened, in words? One line for each thing of the kinds that are shown, with its time.
/// </summary>
public sealed class Narrator
{
    private readonly Cluster _cluster;
    private readonly Names _names;
    private readonly StringBuilder _text = new();
    private readonly SortedSet<Tale> _shown = [];

    public Narrator(Cluster cluster)
    {
        (_cluster, _names) = (cluster, new(cluster));
        cluster.Watch.Happened += Tell;
        cluster.Watch.Said += Tell;
    }

    public void Show(IEnumerable<Tale> tales)
    {
        _shown.Clear();
        _shown.UnionWith(tales);
    }

    public void Say(string line) => _text.Append(line).Append('\n');

    /// <summary>What was told since the last time.</summary>
    public string Take()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    /// <summary>What every node holds, delivers and waits for.</summary>
    public void State()
    {
        foreach (var node in _cluster.Nodes)
        {
            foreach (var topic in _cluster.Shape.Topics)
            {
                Say($"node {node.Number}: {(node.IsUp ? "" : "down, ")}{StateOf(node, topic)}");
            }
        }
    }

    private string StateOf(SimulatedNode node, string topic)
    {
        var id = TopicId.OfPublic(new(topic));
        var record = node.Load(topic);
        var islands = record.Islands.ToLookup(i => i.Dot.Log, i => i.Dot.Seq);
        var logs = record.Logs.Select(l => $"{_names.Of(l.Log)} 1..{l.Head}"
            + string.Concat(islands[l.Log].Select(seq => $" +{seq}"))
            + (l.Closure is { } closure ? $" closed at {closure.Slot}" : ""));
        var blocked = node.Record.Deliveries.GetValueOrDefault(id) is { } view && node.IsUp
            ? view.Blocked.Select(
                b => $", {_names.Of(b.Entry)} waits for {_names.Of(b.WaitsFor)}")
            : [];
        return $"root {_names.OfRoot(node.RootOf(topic))}, "
            + $"holds {string.Join(", ", logs.Order(StringComparer.Ordinal).DefaultIfEmpty("-"))}"
            + $"; {node.Delivered(topic).Count} delivered{string.Concat(blocked)}";
    }

    private void Tell(SimulatedNode node, Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist(var batch):
                Tell(Tale.Commits, node, batch.Entries.IsEmpty
                    ? ""
                    : $"writes {_names.Of(batch.Entries.Select(e => e.Dot))}");
                TellClosures(node, batch);
                TellTimes(node, batch);
                break;
            case Effect.Acknowledge(_, var receipts):
                Tell(Tale.Acks, node, $"acknowledges {_names.Of(receipts.Select(r => r.Dot))}");
                break;
            case Effect.Delivered(_, var position) when position > 0:
                Tell(Tale.Deliveries, node, $"delivers up to {position}");
                break;
            case Effect.Tell(Signal.PeerUp(_, var peer)):
                Tell(Tale.Links, node, $"meets {NumberOf(peer)}");
                break;
            case Effect.Tell(Signal.PeerDown(var link, var reason)):
                Tell(Tale.Links, node,
                    $"loses {node.EndOf(link)?.Other.Node.Number}: {reason}");
                break;
            case Effect.Refuse(var code, _):
                Tell(Tale.Refusals, node, $"refuses: {code}");
                break;
            case Effect.Happened(NodeEvent.PeerJudged(var did, var standing, var why)):
                Tell(Tale.Standings, node, $"holds {NumberOf(did)} {standing}: {why}");
                break;
            case Effect.Count(Tally.IncarnationsBegun, _):
                Tell(Tale.Logs, node, "gives its log up");
                break;
        }
    }

    /// <summary>What the author's clock showed, as seconds since the world began.</summary>
    private void TellTimes(SimulatedNode node, Batch batch)
    {
        foreach (var header in batch.Entries.Select(e => e.Header)
            .Where(h => h.Log.Author.Equals(node.Did)))
        {
            var seconds = (header.Time - _cluster.Epoch) / 1000;
            Tell(Tale.Times, node, $"dates {_names.Of(header.Dot)} {seconds} s");
        }
    }

    private void TellClosures(SimulatedNode node, Batch batch)
    {
        foreach (var log in batch.Logs.Where(l => l.Closure is not null))
        {
            Tell(Tale.Closures, node, $"closes {_names.Of(log.Log)} at {log.Closure!.Slot}");
        }
    }

    private void Tell(SimulatedNode from, SimulatedNode to, GossipMessage message)
    {
        switch (message)
        {
            case GossipMessage.Announcement(_, var entries, var proofs):
                Tell(Tale.Messages, from, $"announces {_names.Of(entries.Select(e => e.Dot))}"
                    + $"{(proofs.IsEmpty ? "" : "a fork")} to {to.Number}");
                break;
            case GossipMessage.PullRequest(_, _, var wants):
                Tell(Tale.Messages, from, $"asks {to.Number} for "
                    + string.Join(", ", wants.Select(Spell)));
                break;
            case GossipMessage.PullResponse(_, _, var entries, var headers, var proofs):
                Tell(Tale.Messages, from, $"serves {to.Number} {entries.Length} entries, "
                    + $"{headers.Length} headers, {proofs.Length} proofs");
                break;
            case GossipMessage.Heads(_, var rows):
                Tell(Tale.Heads, from, $"tells {to.Number} heads "
                    + string.Join(' ', rows.Select(
                        r => _names.Of(new Dot(r.Log, r.Holdings.Head)))));
                break;
            case GossipMessage.AntiEntropy step:
                Tell(Tale.Rounds, from, $"{step.Step} to {to.Number}");
                break;
        }
    }

    private string Spell(Want want) => want.WantsProof
        ? $"the proof of {_names.Of(want.Log)}"
        : want.Headers.IsEmpty
            ? $"{_names.Of(want.Log)} {want.Entries}"
            : $"headers {_names.Of(want.Log)} {string.Join(' ', want.Headers)}";

    private string NumberOf(Peer peer) => NumberOf(peer.Did);

    private string NumberOf(Did did) => string.Join('=', _cluster.Nodes
        .Where(n => n.Did.Equals(did)).Select(n => n.Number));

    private void Tell(Tale tale, SimulatedNode node, string what)
    {
        if (_shown.Contains(tale) && what.Length > 0)
        {
            Say($"{_cluster.Time.Now.TotalMilliseconds,7:0}ms  {node.Number} {what}");
        }
    }
}
