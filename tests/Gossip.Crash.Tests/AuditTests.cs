using Gossip.Host.Api;

namespace Gossip.Crash.Tests;

/// <summary>Does the audit notice each kind of broken promise?</summary>
public sealed class AuditTests
{
    private readonly Promises _promises = new();

    [Fact]
    public void What_every_node_holds_once_is_in_order()
    {
        var audit = Both(Entry(1, Kept(1)));
        Assert.Equal((0, 0, 0, 0), Faults(audit));
        Assert.Equal(0, _promises.NumbersReused);
    }

    [Fact]
    public void Missing_at_one_node_is_lost()
    {
        var entry = Entry(1, Kept(1));
        Assert.Equal((1, 0, 0, 0), Faults(Audit([entry], [])));
    }

    [Fact]
    public void Twice_at_one_node_is_a_duplicate()
    {
        var payload = Kept(1);
        var twice = new[] { Entry(1, payload), Entry(2, payload) };
        Assert.Equal((0, 1, 0, 0), Faults(Audit(twice, [twice[0]])));
    }

    [Fact]
    public void What_nobody_sent_is_a_phantom()
    {
        var altered = Kept(1) + " ";
        var unsent = _promises.New();
        _promises.NeverSent(unsent);
        var audit = Both(Entry(1, altered), Entry(2, unsent.Text));
        Assert.Equal((1, 0, 4, 0), Faults(audit));
    }

    [Fact]
    public void Elsewhere_than_the_receipt_says_is_misplaced()
    {
        var audit = Both(Entry(2, Kept(1)));
        Assert.Equal((0, 0, 0, 2), Faults(audit));
    }

    [Fact]
    public void An_unknown_outcome_may_have_been_published_or_not()
    {
        var published = _promises.New();
        _promises.New();
        var audit = Both(Entry(1, published.Text));
        Assert.Equal((0, 0, 0, 0), Faults(audit));
        Assert.Equal((2, 1), (audit.UnknownOutcomes, audit.UnknownPublished));
    }

    [Fact]
    public void A_number_with_two_entries_is_re_used_wherever_they_were_seen()
    {
        Kept(1);
        _promises.Saw([Entry(1, "any")]);
        Assert.Equal(0, _promises.NumbersReused);
        _promises.Saw([Entry(1, "any") with { Id = "other" }]);
        _promises.Saw([Entry(2, "any"), Entry(2, "any") with { Id = "other" }]);
        Assert.Equal(2, _promises.NumbersReused);
    }

    private static EntryShape Entry(long seq, string payload) =>
        new(seq, $"id-{seq}", "author", "log", seq, 0, [new(payload, null, null)]);

    private static (long Lost, long Duplicates, long Phantoms, long Misplaced) Faults(
        Audit audit) => (audit.Lost, audit.Duplicates, audit.Phantoms, audit.Misplaced);

    /// <summary>The text of an acknowledged payload: alone in the entry of that number.</summary>
    private string Kept(long seq)
    {
        var promise = _promises.New();
        _promises.Acknowledge(promise, new("", $"id-{seq}", "log", seq, 0, seq));
        return promise.Text;
    }

    /// <summary>Two nodes, which hold the same.</summary>
    private Audit Both(params EntryShape[] entries) => Audit(entries, entries);

    private Audit Audit(params EntryShape[][] readings)
    {
        var audit = new Audit(_promises.All);
        foreach (var reading in readings)
        {
            audit.NextNode();
            audit.Read(reading);
        }

        audit.Conclude();
        return audit;
    }
}
