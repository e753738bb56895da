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
internal sealed class Promise(int number)
{
    // Entries of various sizes: a torn one must not always be torn at the same place.
    private const int FillerMax = 600;
    private const int FillerStep = 37;

    public int Number => number;

    /// <summary>No other has the text. Made anew each time: there are very many.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture,
        $"#{number} {new string('.', number * FillerStep % FillerMax)}|");

    /// <summary>Names the publish, so that it can be tried again.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"payload-{number}");

    public Outcome Outcome { get; set; }

    public ReceiptShape? Receipt { get; set; }

    /// <summary>What a text claims to be; null when it is no such text.</summary>
    public static int? NumberOf(string? text) =>
        text is ['#', ..] && int.TryParse(text.AsSpan(1, Math.Max(0, text.IndexOf(' ') - 1)),
            NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>
/// What was sent, and what was promised about it? Also notes every number ever seen with its
/// entry: in a receipt, or in a reading of any node at any time.
/// </summary>
internal sealed class Promises
{
    private readonly Lock _gate = new();
    private readonly List<Promise> _all = [];
    private readonly Dictionary<(string Log, long Seq), string> _entries = [];
    private readonly Dictionary<string, string> _logs = new(StringComparer.Ordinal);
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
                return [.. _all];
            }
        }
    }

    /// <summary>A payload that no other has the text of; its outcome is unknown.</summary>
    public Promise New()
    {
        lock (_gate)
        {
            var promise = new Promise(_all.Count + 1);
            _all.Add(promise);
            return promise;
        }
    }

    public void Acknowledge(Promise promise, ReceiptShape receipt)
    {
        lock (_gate)
        {
            var (log, entry) = Note(receipt.Log, receipt.Seq, receipt.Entry);
            promise.Outcome = Outcome.Acknowledged;
            promise.Receipt = receipt with { Id = "", Log = log, Entry = entry };
            Acknowledged++;
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

    /// <summary>The same texts, kept once: receipts are many.</summary>
    private (string Log, string Entry) Note(string log, long seq, string entry)
    {
        if (!_logs.TryAdd(log, log))
        {
            log = _logs[log];
        }

        if (_entries.TryAdd((log, seq), entry))
        {
            return (log, entry);
        }

        var known = _entries[(log, seq)];
        if (known != entry)
        {
            _reused.Add((log, seq));
            return (log, entry);
        }

        return (log, known);
    }
}
