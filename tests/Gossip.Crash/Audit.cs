using Gossip.Host.Api;

namespace Gossip.Crash;

/// <summary>Do the nodes hold what was promised? Compares promises with whole readings.</summary>
internal sealed class Audit
{
    private readonly List<string> _findings = [];

    /// <param name="promises">Everything that was sent.</param>
    /// <param name="readings">All entries of each node, in its order of delivery.</param>
    public Audit(IReadOnlyCollection<Promise> promises, IReadOnlyList<EntryShape[]> readings)
    {
        var sent = promises.ToDictionary(promise => promise.Text, StringComparer.Ordinal);
        var holders = promises.ToDictionary(promise => promise, _ => 0);
        for (var node = 0; node < readings.Count; node++)
        {
            Read(node, readings[node], sent, holders);
        }

        foreach (var (promise, count) in holders)
        {
            if (promise.Outcome == Outcome.Acknowledged && count < readings.Count)
            {
                Lost++;
                Find($"lost at {readings.Count - count} nodes: {promise.Receipt}");
            }

            if (promise.Outcome == Outcome.Unknown)
            {
                UnknownOutcomes++;
                UnknownPublished += count > 0 ? 1 : 0;
            }
        }
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

    private void Read(
        int node, EntryShape[] entries, Dictionary<string, Promise> sent,
        Dictionary<Promise, int> holders)
    {
        var seen = new HashSet<Promise>();
        foreach (var entry in entries)
        {
            foreach (var (index, payload) in entry.Payloads.Index())
            {
                var where = $"at node {node + 1}, {entry.Log}#{entry.Seq}, payload {index}";
                if (payload.Data is not { } text || !sent.TryGetValue(text, out var promise)
                    || promise.Outcome == Outcome.Unsent)
                {
                    Phantoms++;
                    Find($"never sent, {where}");
                    continue;
                }

                if (!seen.Add(promise))
                {
                    Duplicates++;
                    Find($"delivered twice, {where}");
                    continue;
                }

                holders[promise]++;
                if (promise.Receipt is { } receipt && (receipt.Entry, receipt.Log, receipt.Seq,
                    receipt.Index) != (entry.Id, entry.Log, entry.Seq, index))
                {
                    Misplaced++;
                    Find($"not where its receipt says, {where}: {receipt}");
                }
            }
        }
    }

    private void Find(string what)
    {
        const int findingsMax = 20;
        if (_findings.Count < findingsMax)
        {
            _findings.Add(what);
        }
    }
}
