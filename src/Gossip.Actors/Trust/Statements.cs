using Gossip.Actors.Protocol;

namespace Gossip.Actors.Trust;

/// <summary>One thing that an author said, in one of its logs.</summary>
internal sealed record Statement(
    ulong Incarnation, long Seq, Weight Weight, string Note, long Time, EntryId Id);

/// <summary>
/// What does one author say, and what did it say last? Within a log the higher slot wins. Between
/// its incarnations what had seen the other wins; of what had not, the later by time, then by id.
/// So the answer is a function of what was said, not of the order in which it came.
/// </summary>
internal sealed class Statements
{
    /// <summary>
    /// Subjects, counted once per log, and what its logs saw of each other. Whoever exceeds it is
    /// no person, and counts for nothing: then no order of arrival matters either.
    /// </summary>
    public const int Max = 32_768;

    /// <summary>
    /// Logs that speak of one subject: each is a lost or copied store. With more the author says
    /// nothing of this subject.
    /// </summary>
    public const int LogsMax = 64;

    private readonly Dictionary<Did, List<Statement>> _about = [];
    private readonly Dictionary<(ulong Of, ulong About), Steps> _seen = [];
    private int _steps;
    private int _statements;

    /// <summary>What it takes to remember; the author itself is one.</summary>
    public int Count => 1 + _steps + _statements;

    public bool IsOver { get; private set; }

    /// <summary>Those it trusts, and how much.</summary>
    public IEnumerable<(Did Subject, Statement Last)> Trusted =>
        from about in _about
        let last = Last(about.Value)
        where last is { Weight.IsWithdrawn: false }
        select (about.Key, last);

    /// <summary>What it last said of this subject, a withdrawal too; null when nothing.</summary>
    public Statement? LastAbout(Did subject) =>
        _about.TryGetValue(subject, out var all) ? Last(all) : null;

    /// <summary>An entry of this log had seen another log of this author so far.</summary>
    public void See(ulong incarnation, long seq, ulong other, long seen)
    {
        if (IsOver)
        {
            return;
        }

        if (!_seen.TryGetValue((incarnation, other), out var steps))
        {
            _seen.Add((incarnation, other), steps = new());
        }

        _steps -= steps.Count;
        steps.Add(seq, seen);
        _steps += steps.Count;
        Bound();
    }

    public void Say(Did subject, Statement said)
    {
        if (IsOver)
        {
            return;
        }

        if (!_about.TryGetValue(subject, out var all))
        {
            _about.Add(subject, all = []);
        }

        var at = all.FindIndex(s => s.Incarnation == said.Incarnation);
        if (at < 0)
        {
            all.Add(said);
            _statements++;
            Bound();
        }
        else if (all[at].Seq < said.Seq)
        {
            all[at] = said;
        }
    }

    private Statement? Last(List<Statement> all)
    {
        if (all.Count <= 1)
        {
            return all.FirstOrDefault();
        }

        if (all.Count > LogsMax)
        {
            return null;
        }

        // Only a liar's logs can each have seen the other: then time alone decides.
        var last = all.Where(s => !all.Any(other => HadSeen(other, s))).ToArray();
        return (last.Length > 0 ? last : [.. all]).MaxBy(s => (s.Time, s.Id));
    }

    private bool HadSeen(Statement later, Statement earlier) =>
        later != earlier
        && _seen.TryGetValue((later.Incarnation, earlier.Incarnation), out var steps)
        && steps.At(later.Seq) >= earlier.Seq;

    private void Bound()
    {
        if (Count > Max)
        {
            _about.Clear();
            _seen.Clear();
            (IsOver, _steps, _statements) = (true, 0, 0);
        }
    }
}
