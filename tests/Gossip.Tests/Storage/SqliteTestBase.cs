using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

/// <summary>A directory, a topic and a log for tests of what only a file can suffer.</summary>
public abstract class SqliteTestBase : IDisposable
{
    private protected static readonly CancellationToken Go = CancellationToken.None;
    private protected static readonly TopicName Topic = new("sqlite");
    private readonly TestDirectory _directory = new();

    private protected TestLog Log { get; } = new(Topic, 1);

    private protected string Directory => _directory.Path;

    private protected string DbFile => _directory.File(SqliteStore.FileName);

    private protected string InDirectory(string name) => _directory.File(name);

    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<SqliteStore> OpenAsync() => OpenAsync(Directory);

    private protected static async Task<SqliteStore> OpenAsync(string directory)
    {
        var store = await SqliteStore.OpenAsync(directory, Go);
        await store.JoinAsync(Topic, null, Go);
        return store;
    }

    /// <summary>A store that was filled and properly closed.</summary>
    private protected async Task FillAsync(long last)
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Log.Append(1, last, 1) with { OwnIncarnation = 1 }, 1, Go);
    }

    /// <summary>On the writer's own connection.</summary>
    private protected static async Task ExecuteAsync(SqliteStore store, string sql) =>
        await store.Writer.WithAsync(
            (session, _) =>
            {
                session.Execute(sql);
                return true;
            },
            Go);

    /// <summary>While the store is closed.</summary>
    private protected void Edit(string sql)
    {
        using var session = SqliteSession.OpenWriter(DbFile);
        session.Execute(sql);
    }

    private protected async Task<StoreException> OpeningFailsAsync(
        StoreFault fault, string? directory = null)
    {
        var failure = await Assert.ThrowsAsync<StoreException>(
            () => OpenAsync(directory ?? Directory));
        Assert.Equal(fault, failure.Fault);
        Assert.Contains(directory ?? DbFile, failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
