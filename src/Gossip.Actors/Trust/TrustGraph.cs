using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Trust;

/// <summary>
/// Who trusts whom? Takes the entries of <see cref="SystemTopic.Trust"/> in any order and answers
/// from any viewpoint. What it keeps is bounded: when everybody's word no longer fits, it keeps
/// that of the viewpoints and of those they trust, which is all that their scores depend on.
/// Whoever rotates its key takes along what it said and what was said of it; what was said by, or
/// of, the new key itself counts before that.
/// </summary>
public sealed class TrustGraph
{
    /// <summary>
    /// Viewpoints whose scores stay whole when not everything fits: the last that were asked.
    /// </summary>
    public const int ViewpointsMax = 16;

    private readonly Dictionary<Did, Statements> _authors = [];
    private readonly List<Did> _viewpoints = [];
    private readonly HashSet<Did> _leftOut = [];
    private readonly Lineage _lineage = new();
    private readonly int _max;
    private ImmutableHashSet<Did> _scope;

    /// <param name="viewpoint">Whose scores matter first: they are always whole.</param>
    /// <param name="attestationsMax">How many attestations are remembered.</param>
    public TrustGraph(Did viewpoint, int attestationsMax)
        : this([viewpoint], [], attestationsMax)
    {
    }

    private TrustGraph(
        IEnumerable<Did> viewpoints, ImmutableHashSet<Did> scope, int attestationsMax)
    {
        (_max, _scope) = (attestationsMax, scope);
        _viewpoints.AddRange(viewpoints);
    }

    /// <summary>Attestations remembered, and what it takes to order them.</summary>
    public int Count { get; private set; }

    /// <summary>Some who matter to no viewpoint were forgotten.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>
    /// Someone matters now who was forgotten: <see cref="Anew"/>, and every entry again.
    /// </summary>
    public bool IsStale { get; private set; }

    /// <summary>
    /// Authors whose word matters and did not fit: those who said the most. Scores miss them.
    /// </summary>
    public IReadOnlyCollection<Did> LeftOut => _leftOut;

    /// <summary>An empty graph that knows from the start who matters.</summary>
    public TrustGraph Anew() => new(_viewpoints, Scope(), _max);

    /// <summary>
    /// Takes one entry. The edge that it changed, if it changed one; a refusal, where it says
    /// nothing that counts.
    /// </summary>
    public TrustEdge? Take(Entry entry, out string? refusal)
    {
        refusal = null;
        var (header, log) = (entry.Header, entry.Header.Log);
        if (header.Rotation is { } rotation)
        {
            Rotate(log.Author, rotation.Successor);
        }

        if (!Matters(log.Author))
        {
            return null;
        }

        var author = StatementsOf(log.Author);
        var before = author.Count;
        foreach (var seen in header.Clock.Where(c => c.Log.Author.Equals(log.Author)))
        {
            author.See(log.Incarnation, header.Seq, seen.Log.Incarnation, seen.Seq);
        }

        var edge = header.IsEnd ? null : Hear(entry, author, out refusal);
        Count += author.Count - before;
        if (author.IsOver)
        {
            refusal = $"{log}: its author says more than {Statements.Max} things";
        }

        if (edge is not null && IsPartial && _viewpoints.Contains(edge.From))
        {
            IsStale |= !_authors.ContainsKey(edge.To) && !_scope.Contains(edge.To);
        }

        Bound();
        return edge;
    }

    /// <summary>Scores from here matter from now on; see <see cref="IsStale"/>.</summary>
    public void Look(Did viewpoint)
    {
        // The first is the owner of this graph, and stays first.
        if (viewpoint.Equals(_viewpoints[0]))
        {
            return;
        }

        IsStale |= !_viewpoints.Remove(viewpoint) && IsPartial;
        _viewpoints.Insert(1, viewpoint);
        if (_viewpoints.Count > ViewpointsMax)
        {
            _viewpoints.RemoveAt(ViewpointsMax);
        }
    }

    /// <summary>What one says of the other, unless it withdrew it.</summary>
    public TrustEdge? EdgeOf(Did from, Did to) =>
        LastOf(from, to) is { Weight.IsWithdrawn: false } last ? Edge(from, to, last) : null;

    /// <summary>Everyone whom this identity says it trusts, by DID.</summary>
    public ImmutableArray<TrustEdge> EdgesOf(Did from) =>
        [.. TrustedBy(from).Select(t => Edge(from, t.Subject, t.Last)).OrderBy(e => e.To)];

    public TrustScore ScoreOf(Did viewpoint, Did subject) => viewpoint.Equals(subject)
        ? TrustScore.OfSelf(viewpoint)
        : TrustScore.Of(
            viewpoint,
            subject,
            EdgeOf(viewpoint, subject),
            [
                .. from first in EdgesOf(viewpoint)
                where !first.To.Equals(subject)
                let second = EdgeOf(first.To, subject)
                where second is not null
                select new TrustPath(first, second),
            ]);

    /// <summary>
    /// Everyone whose score from a viewpoint reaches this, the most trusted first; never the
    /// viewpoint itself.
    /// </summary>
    public ImmutableArray<Ranked> Reaching(Did viewpoint, Score least)
    {
        var sums = new Dictionary<Did, (Weight Direct, long Products, int Paths)>();
        foreach (var first in EdgesOf(viewpoint))
        {
            sums[first.To] = sums.GetValueOrDefault(first.To) with { Direct = first.Weight };
            foreach (var (subject, last) in TrustedBy(first.To))
            {
                if (!subject.Equals(viewpoint))
                {
                    var (direct, products, paths) = sums.GetValueOrDefault(subject);
                    products += (long)first.Weight.Millionths * last.Weight.Millionths;
                    sums[subject] = (direct, products, paths + 1);
                }
            }
        }

        return
        [
            .. sums
                .Select(s => new Ranked(
                    s.Key, TrustScore.Compute(s.Value.Direct, s.Value.Products, s.Value.Paths)))
                .Where(ranked => ranked.Score >= least && ranked.Score > Score.Zero)
                .OrderByDescending(ranked => ranked.Score)
                .ThenBy(ranked => ranked.Subject),
        ];
    }

    private static TrustEdge Edge(Did from, Did to, Statement said) =>
        new(from, to, said.Weight, said.Note, said.Time, said.Id);

    private static TrustEdge? Hear(Entry entry, Statements author, out string? refusal)
    {
        var header = entry.Header;
        var payload = EntryFormat.DecodePayloads(entry.PayloadList)[0].Data;
        if (!Attestation.TryDecode(payload, out var attestation, out refusal))
        {
            refusal = $"{header.Dot}: {refusal}";
            return null;
        }

        var (subject, weight, note) = attestation;
        if (subject.Equals(header.Log.Author))
        {
            refusal = $"{header.Dot}: about its own author";
            return null;
        }

        var before = author.LastAbout(subject);
        author.Say(subject, new(
            header.Log.Incarnation, header.Seq, weight, note, header.Time, entry.Id));
        var last = author.LastAbout(subject);
        return last is null || last == before ? null : Edge(header.Log.Author, subject, last);
    }

    /// <summary>Nobody speaks for a key that was rotated away, and nobody is meant by it.</summary>
    private Statement? LastOf(Did from, Did to) =>
        _lineage.IsRotated(from) || _lineage.IsRotated(to) || from.Equals(to)
            ? null
            : _lineage.Before(from)
                .Select(_authors.GetValueOrDefault)
                .OfType<Statements>()
                .SelectMany(author => _lineage.Before(to).Select(author.LastAbout))
                .FirstOrDefault(said => said is not null);

    private IEnumerable<(Did Subject, Statement Last)> TrustedBy(Did from) =>
        _lineage.Count == 0
            ? TrustedByKey(from)
            : _lineage.Before(from)
                .SelectMany(TrustedByKey)
                .SelectMany(trusted => _lineage.Heirs(trusted.Subject))
                .Distinct()
                .Select(subject => (Subject: subject, Last: LastOf(from, subject)))
                .Where(trusted => trusted.Last is { Weight.IsWithdrawn: false })
                .Select(trusted => (trusted.Subject, trusted.Last!));

    private IEnumerable<(Did Subject, Statement Last)> TrustedByKey(Did key) =>
        _authors.GetValueOrDefault(key)?.Trusted ?? [];

    /// <summary>
    /// Anybody can make keys that follow each other: once not everything fits, only those of
    /// somebody that is spoken of are remembered.
    /// </summary>
    private void Rotate(Did old, Did successor)
    {
        if (!IsPartial || IsKnown(old))
        {
            Count += _lineage.Add(old, successor) ? 1 : 0;
            Bound();
        }
    }

    private bool IsKnown(Did who) =>
        Matters(who) || _authors.Values.Any(author => author.LastAbout(who) is not null);

    private bool Matters(Did author) =>
        !_leftOut.Contains(author)
        && (!IsPartial
            || _scope.Contains(author)
            || _lineage.Heirs(author).Any(heir => _viewpoints.Any(
                v => v.Equals(heir) || EdgeOf(v, heir) is not null)));

    private Statements StatementsOf(Did author)
    {
        if (!_authors.TryGetValue(author, out var statements))
        {
            _authors.Add(author, statements = new());
            Count += statements.Count;
        }

        return statements;
    }

    /// <summary>The viewpoints, and those whom they trust, under all their keys.</summary>
    private ImmutableHashSet<Did> Scope() => _scope.Union(
        _viewpoints.Concat(_viewpoints.SelectMany(v => EdgesOf(v)).Select(e => e.To))
            .SelectMany(who => _lineage.Before(who)));

    private void Bound()
    {
        if (Count > _max && !IsPartial)
        {
            (IsPartial, _scope) = (true, Scope());
            Forget(_authors.Keys.Where(author => !_scope.Contains(author)));
            foreach (var old in _lineage.Rotated.Where(old => !IsKnown(old)).ToArray())
            {
                Count -= _lineage.Forget(old);
            }
        }

        while (Count > _max && _authors.Count > 1)
        {
            var largest = _authors.Where(a => !a.Key.Equals(_viewpoints[0]))
                .MaxBy(a => (a.Value.Count, a.Key)).Key;
            _leftOut.Add(largest);
            Forget([largest]);
        }
    }

    private void Forget(IEnumerable<Did> authors)
    {
        foreach (var author in authors.ToArray())
        {
            _authors.Remove(author, out var statements);
            Count -= statements!.Count;
        }
    }
}

/// <summary>Someone, and how far trusted.</summary>
public sealed record Ranked(Did Subject, Score Score);
