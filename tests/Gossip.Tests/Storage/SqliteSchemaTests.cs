using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

public sealed class SqliteSchemaTests : SqliteTestBase
{
    [Fact]
    public async Task A_file_of_a_newer_gossip_is_refused()
    {
        await FillAsync(1);
        Edit("PRAGMA user_version=99");
        var failure = await OpeningFailsAsync(StoreFault.Newer);
        Assert.Contains("pgrade", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_keeps_the_data_and_locks_older_versions_out()
    {
        await FillAsync(5);
        await using (var store = Open([.. SqliteSchema.Migrations, "CREATE TABLE extra(x)"]))
        {
            Assert.Equal(5, (await store.LoadAsync(Topic, 1, Go)).Position);
        }

        Edit("INSERT INTO extra VALUES(1)");
        await OpeningFailsAsync(StoreFault.Newer);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_version_before()
    {
        await FillAsync(5);
        Assert.Throws<StoreException>(
            () => Open([.. SqliteSchema.Migrations, "CREATE TABLE extra(x); NONSENSE"]));
        await using var store = await OpenAsync();
        Assert.Equal(5, (await store.LoadAsync(Topic, 1, Go)).Position);
        Assert.ThrowsAny<Exception>(() => Edit("INSERT INTO extra VALUES(1)"));
    }

    [Theory]
    [InlineData(SqliteReads.DeliveredQuery, "USING INDEX entries_by_position")]
    [InlineData(SqliteTopics.IslandsQuery, "USING INDEX entries_by_slot")]
    public async Task The_queries_of_every_start_and_page_use_an_index(string query, string index)
    {
        await FillAsync(1);
        using var session = SqliteSession.OpenReader(DbFile);
        var plan = session.Rows("EXPLAIN QUERY PLAN " + query, new byte[32], 1, 1)
            .Select(row => row.GetString(3))
            .ToList();
        Assert.Contains(plan, step => step.Contains(index, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step.Contains("SCAN", StringComparison.Ordinal)
            || step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    private SqliteStore Open(IReadOnlyList<string> migrations) =>
        SqliteStore.Open(DbFile, migrations);
}
