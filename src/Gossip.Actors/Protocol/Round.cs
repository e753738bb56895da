using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What has each side shown in this exchange, and does it hold all of it now? Rows are fixed when
/// they are shown: what arrives meanwhile belongs to the next round.
/// </summary>
internal sealed class Round(Link link, long number, bool isInitiator)
{
    /// <summary>Nothing beats one flight: as much as TCP sends at once.</summary>
    public const int InlineBytesMax = 16 * 1024;

    /// <summary>A topic with more logs than this is compared in parts by later methods.</summary>
    private const int RowsMax = 1 << 18;

    private readonly SortedDictionary<TopicId, Exchange> _topics = [];
    private readonly Dictionary<TopicId, ImmutableSortedDictionary<LogId, Row>> _compared = [];

    public Link Link => link;

    public long Number => number;

    public bool IsInitiator => isInitiator;

    public bool HasClosed { get; set; }

    public Dictionary<TopicId, Hash>? TheirClosing { get; private set; }

    /// <summary>Slots that the other side showed and we lacked.</summary>
    public long WeLack { get; private set; }

    public long TheyLack { get; private set; }

    /// <summary>All that differed is held here; and who answers waits for who asked.</summary>
    public bool MayClose =>
        _topics.Count > 0
        && (isInitiator
            ? _topics.Values.All(t => t.IsSettled || (t.Mine is null && !t.HasTheirs))
            : TheirClosing is not null && _topics.Values.All(t => t.IsSettled || !t.HasTheirs));

    /// <summary>
    /// Ours and the peer's own rounds are numbered apart: a topic's machine sees both.
    /// </summary>
    public long Key => isInitiator ? number : -number;

    /// <summary>
    /// The topic belongs to this round; its root, as the other side or we showed it.
    /// </summary>
    public void Name(TopicId topic, Hash root) => _topics.TryAdd(topic, new(root));

    /// <summary>What we held of the topic when it was compared.</summary>
    public void Remember(TopicId topic, ImmutableSortedDictionary<LogId, Row> rows) =>
        _compared[topic] = rows;

    public ImmutableSortedDictionary<LogId, Row>? Compared(TopicId topic) =>
        Shown(topic) ?? _compared.GetValueOrDefault(topic);

    public void Show(TopicId topic, ImmutableSortedDictionary<LogId, Row> rows) =>
        _topics[topic].Mine = rows;

    public ImmutableSortedDictionary<LogId, Row>? Shown(TopicId topic) =>
        _topics.GetValueOrDefault(topic)?.Mine;

    /// <summary>Gathers the other side's rows; all of them once the last part is there.</summary>
    public IReadOnlyDictionary<LogId, Row>? Take(TopicDigest digest)
    {
        var topic = _topics[digest.Topic];
        if (!digest.HasRows || topic.HasTheirs || topic.Theirs.Count > RowsMax)
        {
            return null;
        }

        foreach (var row in digest.Rows)
        {
            topic.Theirs[row.Log] = row;
        }

        topic.HasTheirs = digest.IsLast;
        return digest.IsLast ? topic.Theirs : null;
    }

    public void Weigh(
        IReadOnlyDictionary<LogId, Row> theirs,
        IReadOnlyDictionary<LogId, Row> mine)
    {
        WeLack += Lacking(theirs, mine);
        TheyLack += Lacking(mine, theirs);
    }

    public void Settle(TopicId topic, Hash root) => _topics[topic].SettledRoot = root;

    public void CatchUp(TopicId topic)
    {
        if (_topics.TryGetValue(topic, out var exchange) && exchange.HasTheirs)
        {
            exchange.IsCaughtUp = true;
        }
    }

    public void TakeClosing(ImmutableArray<TopicDigest> roots)
    {
        TheirClosing = [];
        foreach (var root in roots)
        {
            TheirClosing[root.Topic] = root.Root;
        }
    }

    public SortedDictionary<TopicId, Hash> FrontierRoots()
    {
        var roots = new SortedDictionary<TopicId, Hash>();
        foreach (var (id, topic) in _topics)
        {
            roots[id] = topic.FrontierRoot();
        }

        return roots;
    }

    /// <summary>A count for people; a peer may claim more slots than a number can count.</summary>
    private static long Lacking(
        IReadOnlyDictionary<LogId, Row> of,
        IReadOnlyDictionary<LogId, Row> by) =>
        of.Values
            .Select(row => row.Holdings
                .Beyond(by.GetValueOrDefault(row.Log)?.Holdings ?? Holdings.None)
                .Slots)
            .Aggregate(0L, (sum, slots) => Math.Min(sum + slots, Dot.SeqMax));

    /// <summary>One topic in this round.</summary>
    private sealed class Exchange(Hash root)
    {
        public ImmutableSortedDictionary<LogId, Row>? Mine { get; set; }

        public SortedDictionary<LogId, Row> Theirs { get; } = [];

        public bool HasTheirs { get; set; }

        public bool IsCaughtUp { get; set; }

        public Hash? SettledRoot { get; set; }

        public bool IsSettled =>
            SettledRoot is not null || (Mine is not null && HasTheirs && IsCaughtUp);

        /// <summary>
        /// Over what both showed together. Both sides can compute it; each sends it only when it
        /// holds all of it under the ids that the other showed.
        /// </summary>
        public Hash FrontierRoot()
        {
            if (Mine is null || !HasTheirs)
            {
                return SettledRoot ?? root;
            }

            var logs = Mine.Keys.Union(Theirs.Keys).Order();
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            sha.AppendData("gossip/frontier/1"u8);
            foreach (var log in logs)
            {
                var sides = new[] { Mine.GetValueOrDefault(log), Theirs.GetValueOrDefault(log) }
                    .OfType<Row>()
                    .OrderByDescending(r => r.Holdings.Head)
                    .ThenBy(r => r.HeadIdPrefix)
                    .ToArray();
                var covered = sides
                    .Select(r => r.Holdings.Covered)
                    .Aggregate((one, other) => one.Union(other));
                var text = $"{log.Author}/{log.Incarnation}/{log.Admission}:"
                    + $"{covered}:{sides[0].HeadIdPrefix}:{sides.Min(r => r.ClosedAt)};";
                sha.AppendData(System.Text.Encoding.UTF8.GetBytes(text));
            }

            return Hash.Finish(sha);
        }
    }
}
