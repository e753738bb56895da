using System.Globalization;
using Gossip.Host.Api;

namespace Gossip.Crash;

/// <summary>What is known about a payload that was sent.</summary>
internal enum Outcome
{
    /// <summary>Sent, and no answer: the node may have published it or not.</summary>
    Unknown,

    Acknowledged,

    /// <summary>It surely never reached a node.</summary>
    Unsent,
}

/// <summary>One payload: what was sent, and the receipt for it.</summary>
internal sealed class Promise(string text)
{
    public string Text => text;

    public Outcome Outcome { get; set; }

    public ReceiptShape? Receipt { get; set; }
}

/// <summary>
/// What was sent, and what was promised about it? Also notes every number ever seen with its
/// entry: in a receipt, or in a reading of any node at any time.
/// </summary>
internal sealed class Promises
{
    // Entries of various sizes: a torn one must not always be torn at the same place.
    private const int FillerMax = 600;
    private const int FillerStep = 37;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Promise> _all = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Log, long Seq), string> _entries = [];
    private readonly HashSet<(string Log, long Seq)> _reused = [];

    public int Acknowledged { get; private set; }

    public int NumbersReused
    {
        get
        {
            lock (_gate)
            {
                return _reused.Count;
            }
        }
    }

    public Promise[] All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all.Values];
            }
        }
    }

    /// <summary>A payload that no other has the text of; its outcome is unknown.</summary>
    public Promise New()
    {
        lock (_gate)
        {
            var number = _all.Count + 1;
            var filler = new string('.', number * FillerStep % FillerMax);
            var promise = new Promise(
                string.Create(CultureInfo.InvariantCulture, $"#{number} {filler}|"));
            _all.Add(promise.Text, promise);
            return promise;
        }
    }

    public void Acknowledge(Promise promise, ReceiptShape receipt)
    {
        lock (_gate)
        {
            (promise.Outcome, promise.Receipt) = (Outcome.Acknowledged, receipt);
            Acknowledged++;
            Note(receipt.Log, receipt.Seq, receipt.Entry);
        }
    }

    public void NeverSent(Promise promise)
    {
        lock (_gate)
        {
            promise.Outcome = Outcome.Unsent;
        }
    }

    public void Saw(IEnumerable<EntryShape> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                Note(entry.Log, entry.Seq, entry.Id);
            }
        }
    }

    private void Note(string log, long seq, string entry)
    {
        if (!_entries.TryAdd((log, seq), entry) && _entries[(log, seq)] != entry)
        {
            _reused.Add((log, seq));
        }
    }
}
