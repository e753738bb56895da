using FsCheck;
using FsCheck.Fluent;
using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;
using static Gossip.Tests.Trust.Say;

namespace Gossip.Tests.Trust;

/// <summary>Which word of an author is its last, whatever the order in which they arrive?</summary>
[Row("D10")]
public sealed class TrustOrderTests
{
    private const int Logs = 3;
    private const int Subjects = 3;

    /// <summary>
    /// One key's incarnations write by turns. Each sees of the others what it likes, at liars'
    /// what does not exist too.
    /// </summary>
    private static Gen<Entry[]> Histories(bool isHonest) =>
        from turns in (
            from log in Gen.Choose(0, Logs - 1)
            from subject in Gen.Choose(1, Subjects)
            from weight in Gen.Choose(0, 5)
            from time in Gen.Choose(1, 4)
            from seen in Gen.Choose(0, 8).ArrayOf(Logs)
            select (log, subject, weight, time, seen)).ArrayOf()
        select Write(isHonest, turns);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_last_word_is_the_same_in_every_order(bool isHonest) => Check(
        from history in Histories(isHonest).Resize(25)
        from order in Gen.Shuffle(history)
        select (history, order),
        t => Answers(t.history).SequenceEqual(Answers(t.order)));

    /// <summary>By the words of the rule, over all that was said.</summary>
    [Fact]
    public void What_had_seen_the_other_wins_and_else_time_then_id() => Check(
        Histories(isHonest: true).Resize(12),
        history => Enumerable.Range(1, Subjects).All(subject =>
        {
            var last = history.Where(e => SubjectOf(e) == subject)
                .GroupBy(e => e.Header.Log)
                .Select(log => log.MaxBy(e => e.Header.Seq)!)
                .ToArray();
            var expected = last
                .Where(e => !last.Any(other => HadSeen(history, other, e)))
                .MaxBy(e => (e.Header.Time, e.Id));
            var edge = Graph(history).EdgeOf(Who(0), Who(subject));
            return edge?.Entry == (IsWithdrawal(expected) ? null : expected?.Id);
        }));

    [Fact]
    public void A_causally_later_word_wins_over_a_later_time() =>
        AssertWeight(0.2, That(0, 1, 0.9, 1, 1, time: 100), That(0, 1, 0.2, 1, 2, 50, (1, 1)));

    [Fact]
    public void Of_two_that_had_not_seen_each_other_the_later_time_wins() =>
        AssertWeight(0.9, That(0, 1, 0.9, 1, 1, time: 100), That(0, 1, 0.2, 1, 2, time: 50));

    [Fact]
    public void A_withdrawal_is_a_word_too()
    {
        Entry[] said = [That(0, 1, 0.9, 1, 1, time: 1), That(0, 1, 0, 1, 2, 1, (1, 1))];
        Assert.Null(Graph(said).EdgeOf(Who(0), Who(1)));
        Assert.Null(Graph(said.Reverse()).EdgeOf(Who(0), Who(1)));
        AssertWeight(0.3, [.. said, That(0, 1, 0.3, 2, 2, 1)]);
    }

    private static void AssertWeight(double expected, params Entry[] said)
    {
        Assert.Equal(expected, Graph(said).EdgeOf(Who(0), Who(1))!.Weight.Value);
        Assert.Equal(expected, Graph(said.Reverse()).EdgeOf(Who(0), Who(1))!.Weight.Value);
    }

    private static IEnumerable<TrustEdge?> Answers(IEnumerable<Entry> said)
    {
        var graph = Graph(said);
        return Enumerable.Range(1, Subjects).Select(s => graph.EdgeOf(Who(0), Who(s)));
    }

    private static Entry[] Write(
        bool isHonest, (int Log, int Subject, int Weight, int Time, int[] Seen)[] turns)
    {
        var heads = new long[Logs];
        var known = new long[Logs, Logs];
        return
        [
            .. turns.Select(turn =>
            {
                var me = turn.Log;
                heads[me]++;
                var seen = new List<(ulong, long)>();
                foreach (var other in Enumerable.Range(0, Logs).Where(o => o != me))
                {
                    var sees = isHonest
                        ? Math.Min(turn.Seen[other], heads[other])
                        : turn.Seen[other];
                    if (sees > 0 && (!isHonest || sees > known[me, other]))
                    {
                        known[me, other] = sees;
                        seen.Add(((ulong)other, sees));
                    }
                }

                return That(
                    0, turn.Subject, turn.Weight / 5.0, heads[me], (ulong)me, turn.Time,
                    [.. seen]);
            }),
        ];
    }

    private static bool HadSeen(Entry[] history, Entry later, Entry earlier) => history.Any(e =>
        e.Header.Log == later.Header.Log
        && later.Header.Log != earlier.Header.Log
        && e.Header.Seq <= later.Header.Seq
        && e.Header.Clock.Any(c =>
            c.Log == earlier.Header.Log && c.Seq >= earlier.Header.Seq));

    private static Attestation AttestationOf(Entry entry)
    {
        var payload = EntryFormat.DecodePayloads(entry.PayloadList)[0].Data;
        Assert.True(Attestation.TryDecode(payload, out var attestation, out _));
        return attestation;
    }

    private static int SubjectOf(Entry entry) => Enumerable.Range(1, Subjects)
        .Single(s => Who(s).Equals(AttestationOf(entry).Subject));

    private static bool IsWithdrawal(Entry? entry) =>
        entry is not null && AttestationOf(entry).Weight.IsWithdrawn;

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(new Replay(new Rnd(7), null)),
        Prop.ForAll(gen.ToArbitrary(), holds));
}
