using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

public sealed class RowTests
{
    private static readonly UInt128 Plain = Row.DigestOf(Some.Id(1), [], null);

    [Fact]
    public void A_digest_changes_with_head_island_and_closure()
    {
        var island = KeyValuePair.Create(5L, Some.Id(5));
        UInt128[] digests =
        [
            Plain,
            Row.DigestOf(EntryId.None, [], null),
            Row.DigestOf(Some.Id(2), [], null),
            Row.DigestOf(Some.Id(1), [island], null),
            Row.DigestOf(Some.Id(1), [KeyValuePair.Create(6L, Some.Id(5))], null),
            Row.DigestOf(Some.Id(1), [KeyValuePair.Create(5L, Some.Id(6))], null),
            Row.DigestOf(Some.Id(1), [island, KeyValuePair.Create(6L, Some.Id(6))], null),
            Row.DigestOf(Some.Id(1), [], 1),
            Row.DigestOf(Some.Id(1), [], 2),
            Row.DigestOf(Some.Id(1), [island], 1),
        ];
        Assert.Equal(digests.Length, digests.Distinct().Count());
        Assert.Equal(Plain, Row.DigestOf(Some.Id(1), [], null));
    }

    [Fact]
    public void A_root_depends_on_logs_and_digests_alone()
    {
        Row[] rows = [RowOf(1, Plain), RowOf(2, Plain + 1), RowOf(3, Plain)];
        var root = Row.Root(rows);
        var claimsDiffer = rows.Select(r => r with
        {
            Holdings = new Holdings(1025, 2000, IntervalSet.Empty),
            HeadIdPrefix = 7,
            ClosedAt = 9,
        });
        Assert.Equal(root, Row.Root(claimsDiffer));
        Assert.Equal(root, Row.Root(rows.Reverse().OrderBy(r => r.Log)));

        Hash[] others =
        [
            root,
            Row.Root([]),
            Row.Root(rows.Skip(1)),
            Row.Root([rows[0], rows[1], RowOf(3, Plain + 2)]),
            Row.Root([rows[0], rows[1], RowOf(4, Plain)]),
            Row.Root([RowOf(1, Plain + 1), RowOf(2, Plain), rows[2]]),
        ];
        Assert.Equal(others.Length, others.Distinct().Count());
    }

    [Fact]
    public void Logs_sort_as_the_bytes_that_the_root_covers()
    {
        var random = new Random(3);
        LogId[] logs =
        [
            .. Enumerable.Range(0, 60).Select(_ => new LogId(
                Some.Author(random.Next(3)),
                random.Next(2) == 0 ? 1UL : ulong.MaxValue,
                random.Next(2) == 0
                    ? Admission.None
                    : new Admission(random.Next(1, 3), Some.Id(random.Next())))),
        ];
        Assert.Equal(logs.OrderBy(Hex, StringComparer.Ordinal), logs.Order());
    }

    private static string Hex(LogId log)
    {
        var bytes = new byte[LogId.Bytes];
        log.Write(bytes);
        return Convert.ToHexString(bytes);
    }

    private static Row RowOf(int author, UInt128 digest) =>
        new(Some.Log(author), Holdings.None, 0, null, digest);
}
