using Gossip.Host.Api;

namespace Gossip.Crash;

/// <summary>Do the nodes hold what was promised? Reads one node after the other.</summary>
internal sealed class Audit
{
    private const int FindingsMax = 20;

    private readonly List<string> _findings = [];
    private readonly Promise[] _promises;
    private readonly int[] _holders;
    private int _nodes;
    private HashSet<int> _seen = [];

    /// <param name="promises">Everything that was sent, by number from 1 on.</param>
    public Audit(IEnumerable<Promise> promises)
    {
        _promises = [.. promises];
        _holders = new int[_promises.Length];
    }

    /// <summary>Acknowledged, and missing at a node.</summary>
    public long Lost { get; private set; }

    /// <summary>Delivered again at the same node.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Delivered, and never sent; or changed on the way.</summary>
    public long Phantoms { get; private set; }

    /// <summary>Not where the receipt says.</summary>
    public long Misplaced { get; private set; }

    public long UnknownOutcomes { get; private set; }

    public long UnknownPublished { get; private set; }

    /// <summary>A few of each run's findings, to start a search from.</summary>
    public IEnumerable<string> Findings => _findings;

    /// <summary>What is read from now on is another node's.</summary>
    public void NextNode()
    {
        _nodes++;
        _seen = [];
    }

    /// <summary>Some of the node's entries, in its order of delivery.</summary>
    public void Read(IEnumerable<EntryShape> entries)
    {
        foreach (var entry in entries)
        {
            foreach (var (index, payload) in entry.Payloads.Index())
            {
                Read(entry, index, payload.Data);
            }
        }
    }

    /// <summary>Everything was read.</summary>
    public void Conclude()
    {
        foreach (var promise in _promises)
        {
            var count = _holders[promise.Number - 1];
            if (promise.Outcome == Outcome.Acknowledged && count < _nodes)
            {
                Lost++;
                Find($"lost at {_nodes - count} nodes: {promise.Receipt}");
            }

            if (promise.Outcome == Outcome.Unknown)
            {
                UnknownOutcomes++;
                UnknownPublished += count > 0 ? 1 : 0;
            }
        }
    }

    private void Read(EntryShape entry, int index, string? text)
    {
        if (Sent(text) is not { } promise)
        {
            Phantoms++;
            Find($"never sent, {Where()}");
            return;
        }

        if (!_seen.Add(promise.Number))
        {
            Duplicates++;
            Find($"delivered twice, {Where()}");
            return;
        }

        _holders[promise.Number - 1]++;
        if (promise.Receipt is { } receipt && (receipt.Entry, receipt.Log, receipt.Seq,
            receipt.Index) != (entry.Id, entry.Log, entry.Seq, index))
        {
            Misplaced++;
            Find($"not where its receipt says, {Where()}: {receipt}");
        }

        string Where() => $"at node {_nodes}, {entry.Log}#{entry.Seq}, payload {index}";
    }

    private Promise? Sent(string? text) =>
        Promise.NumberOf(text) is { } number && number >= 1 && number <= _promises.Length
            && _promises[number - 1] is { Outcome: not Outcome.Unsent } promise
            && promise.Text == text
            ? promise
            : null;

    private void Find(string what)
    {
        if (_findings.Count < FindingsMax)
        {
            _findings.Add(what);
        }
    }
}
