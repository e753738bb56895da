using System.Reflection;
using Akka.Actor;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Akka.Persistence;
using Gossip.Tests.Storage;

namespace Gossip.Akka.Tests.PostgreSql;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlStoreTests(PostgreSqlServer server)
{
    private static readonly CancellationToken Go = CancellationToken.None;
    private static readonly TopicName Topic = new("postgres");
    private readonly TestLog _log = new(Topic, 1);

    /// <summary>By name: a fact that is inherited cannot be skipped where there is no server.
    /// </summary>
    public static TheoryData<string> Contract =>
    [
        .. typeof(StoreContract).GetMethods()
            .Where(m => m.GetCustomAttribute<FactAttribute>() is not null).Select(m => m.Name),
    ];

    [PostgreSqlTheory]
    [MemberData(nameof(Contract))]
    public async Task The_contract_holds(string fact)
    {
        await using var store = new OnServer(await server.ConnectionAsync());
        await store.InitializeAsync();
        await (Task)typeof(StoreContract).GetMethod(fact)!.Invoke(store, null)!;
        await store.DisposeAsync();
    }

    [PostgreSqlFact]
    public async Task Entries_come_from_the_server_and_erased_bytes_are_no_longer_there()
    {
        var connection = await server.ConnectionAsync();
        using var system = ActorSystem.Create("test", JournalConfig.PostgreSql(connection));
        await using var store = await JournalStore.OpenAsync(
            system, new() { RecentBytesMax = 0 }, Go);
        await store.JoinAsync(Topic, null, Go);
        _log.PayloadBytes = 500_000;
        await store.CommitAsync(_log.Append(1, 3, 1), 1, Go);
        var erasure = new Erasure(
            _log[2].Dot, _log[2].Id, _log.Id.Author, new byte[SignedHeader.SignatureBytes]);
        await store.CommitAsync(
            _log.Batch() with { Erasures = [erasure], Erased = [erasure] }, 1, Go);
        var read = await store.ReadDeliveredAsync(_log.Topic, 0, 9, int.MaxValue, Go);
        Assert.Equal([1, 0, 1], read.Select(d => d.Payloads.Length));
        Assert.Equal(_log[3].PayloadList.ToArray(), read[2].Entry.PayloadList.ToArray());
        Assert.InRange(
            await ScalarAsync<long>(connection, "SELECT sum(length(message)) FROM journal"),
            1_000_000, 1_010_000);
    }

    [PostgreSqlFact]
    public async Task A_second_node_in_the_same_database_is_refused_while_the_first_is_there()
    {
        var config = JournalConfig.PostgreSql(await server.ConnectionAsync());
        using var one = ActorSystem.Create("test", config);
        using var other = ActorSystem.Create("test", config);
        await using (await JournalStore.OpenAsync(one, null, Go))
        {
            var failure = await Assert.ThrowsAsync<StoreException>(
                () => JournalStore.OpenAsync(other, null, Go));
            Assert.Equal(StoreFault.Locked, failure.Fault);
            Assert.Contains("database of its own", failure.Message, StringComparison.Ordinal);
            Assert.Contains("node_", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        }

        await using var store = await JournalStore.OpenAsync(other, null, Go);
        Assert.DoesNotContain("secret", store.Description, StringComparison.Ordinal);
    }

    /// <summary>A server that starts anew has forgotten who was there.</summary>
    [PostgreSqlFact]
    public async Task After_a_crash_of_the_server_one_node_has_the_journal_whoever_comes_first()
    {
        var config = JournalConfig.PostgreSql(await server.ConnectionAsync());
        using var one = ActorSystem.Create("test", config);
        using var other = ActorSystem.Create("test", config);
        await using var store = await JournalStore.OpenAsync(one, null, Go);
        await store.JoinAsync(Topic, null, Go);
        await CrashAsync(generation: 1);
        await store.LoadAsync(Topic, 2, Go);
        var late = await Assert.ThrowsAsync<StoreException>(
            () => JournalStore.OpenAsync(other, null, Go));
        Assert.Equal(StoreFault.Locked, late.Fault);

        await CrashAsync(generation: 2);
        await using (await JournalStore.OpenAsync(other, null, Go))
        {
            var refused = await Assert.ThrowsAsync<StoreException>(
                () => store.LoadAsync(Topic, 3, Go));
            Assert.Equal(StoreFault.Locked, refused.Fault);
            Assert.Contains("Another node", store.Fault, StringComparison.Ordinal);
        }

        await store.LoadAsync(Topic, 4, Go);
        Assert.Null(store.Fault);

        async Task CrashAsync(long generation)
        {
            await server.KillAsync();
            await Assert.ThrowsAsync<StoreException>(
                () => store.CommitAsync(_log.Append(1, 1, 1), generation, Go));
            await server.StartAsync();
        }
    }

    /// <summary>A commit that the crash meets has no known outcome; what was answered is there.
    /// </summary>
    [PostgreSqlFact]
    public async Task What_was_committed_outlives_a_crash_of_the_server()
    {
        using var system = ActorSystem.Create(
            "test", JournalConfig.PostgreSql(await server.ConnectionAsync()));
        await using var store = await JournalStore.OpenAsync(
            system, new() { RecentBytesMax = 0 }, Go);
        await store.JoinAsync(Topic, null, Go);
        await store.LoadAsync(Topic, 1, Go);
        await store.CommitAsync(_log.Append(1, 2, 1), 1, Go);
        await server.KillAsync();
        var lost = await Assert.ThrowsAsync<StoreException>(
            () => store.CommitAsync(_log.Append(3, 3, 3), 1, Go));
        Assert.True(lost.OutcomeUnknown);
        Assert.Contains("its server", lost.Message, StringComparison.Ordinal);
        var unread = await Assert.ThrowsAsync<StoreException>(
            () => store.ReadAsync(_log.Topic, _log.Id, new(1, 9), 9, 9999, Go));
        Assert.Contains("its server", unread.Message, StringComparison.Ordinal);
        Assert.NotNull(store.Fault);

        await server.StartAsync();
        var record = await store.LoadAsync(Topic, 2, Go);
        Assert.Equal(2, Assert.Single(record.Logs).Head);
        Assert.Null(store.Fault);
        await store.CommitAsync(_log.Append(3, 3, 3), 2, Go);
        var read = await store.ReadAsync(_log.Topic, _log.Id, new(1, 9), 9, 9999, Go);
        Assert.Equal([1L, 2, 3], read.Select(e => e.Header.Seq));
    }

    private static async Task<T> ScalarAsync<T>(string connection, string sql)
    {
        await using var open = new Npgsql.NpgsqlConnection(connection);
        await open.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, open);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private sealed class OnServer(string connection) : StoreContract, IAsyncDisposable
    {
        private ActorSystem? _system;

        protected override async Task<IEntryStore> CreateAsync()
        {
            _system = ActorSystem.Create("test", JournalConfig.PostgreSql(connection));
            return await JournalStore.OpenAsync(_system, null, Go);
        }

        protected override async Task<IEntryStore> ReopenAsync(IEntryStore store)
        {
            await store.DisposeAsync();
            await _system!.Terminate();
            return await CreateAsync();
        }

        async ValueTask IAsyncDisposable.DisposeAsync() =>
            await (_system?.Terminate() ?? Task.CompletedTask);
    }
}
