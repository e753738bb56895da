using Akka.Actor;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Akka.Persistence;
using Gossip.Tests.Storage;
using Microsoft.Data.Sqlite;

namespace Gossip.Akka.Tests.Persistence;

/// <summary>A directory, a topic and a log for tests of what lies in a journal.</summary>
public abstract class JournalTestBase : IAsyncLifetime
{
    private protected static readonly CancellationToken Go = CancellationToken.None;
    private protected static readonly TopicName Topic = new("journal");
    private readonly List<ActorSystem> _systems = [];
    private readonly TestDirectory _directory = new();

    private protected TestLog Log { get; } = new(Topic, 1);

    private protected string Directory => _directory.Path;

    private protected string File => _directory.File(JournalConfig.FileName);

    private protected static string TopicRows => $"persistence_id = 'topic-{TopicId}'";

    private protected static string ReaderRows => $"persistence_id = 'readers-{TopicId}'";

    private static TopicId TopicId => TopicId.OfPublic(Topic);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_systems.Select(s => s.Terminate()));
        _directory.Dispose();
    }

    /// <summary>In an actor system of its own.</summary>
    private protected async Task<JournalStore> OpenAsync(
        JournalOptions? options = null, string? directory = null)
    {
        var config = JournalConfig.Sqlite(directory ?? Directory);
        _systems.Add(ActorSystem.Create("test", config));
        var store = await JournalStore.OpenAsync(_systems[^1], options, Go);
        await store.JoinAsync(Topic, null, Go);
        return store;
    }

    /// <summary>With a connection that is closed again, whatever the pool does.</summary>
    private protected T Query<T>(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is T value ? value : default!;
    }

    private protected void Edit(string sql) => Query<object>(sql);

    /// <summary>All that a machine and its readers find.</summary>
    private protected static async Task<string[]> DescribeAsync(
        IEntryStore store, TestLog log, long generation)
    {
        var record = await store.LoadAsync(Topic, generation, Go);
        var delivered = await store.ReadDeliveredAsync(log.Topic, 0, 9999, int.MaxValue, Go);
        var readers = await store.ReadersAsync(log.Topic, ReaderKind.Subscription, Go);
        return
        [
            $"{record.OwnIncarnation} {record.Position}",
            .. record.Logs.Select(l => l.ToString()),
            .. record.Islands.Select(i => i.ToString()),
            .. delivered.Select(d => $"{d.Position} {d.Entry.Id} {d.IsErased}"),
            .. readers.Select(r => $"{r.Name} {r.Position}"),
            .. (await store.ExclusionsAsync(Go)).Select(e => e.ToString()),
            $"{await store.StatisticsAsync(log.Topic, Go)}",
            $"{await store.TakenBackAsync(log.Topic, Go)}",
        ];
    }
}
