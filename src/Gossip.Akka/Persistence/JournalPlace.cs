using System.Data.Common;
using Akka.Actor;
using Gossip.Actors;
using Gossip.Actors.Storage;
using LinqToDB;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace Gossip.Akka.Persistence;

/// <summary>Where does the journal lie, and does a commit there survive a loss of power?</summary>
internal sealed class JournalPlace
{
    private const int Full = 2;

    private readonly string _provider;
    private readonly string _connection;
    private JournalHome? _home;
    private ServerClaim? _claim;

    private JournalPlace(string provider, string connection)
    {
        (_provider, _connection) = (provider, connection);
        IsSqlite = provider == JournalConfig.SqliteProvider;
        Name = IsSqlite
            ? new SqliteConnectionStringBuilder(connection).DataSource
            : ServerName(provider, connection);
    }

    /// <summary>For people: the file, or the server and its database; never a password.</summary>
    public string Name { get; }

    public bool IsSqlite { get; }

    public string Description =>
        IsSqlite ? $"{Name}, {SqliteLibrary.Description}, Akka journal" : $"{Name}, Akka journal";

    /// <inheritdoc cref="JournalHome.MovedReason"/>
    public string? MovedReason => _home?.MovedReason;

    /// <inheritdoc cref="JournalHome.MovedAt"/>
    public long MovedAt(string persistenceId) => _home?.MovedAt(persistenceId) ?? 0;

    /// <summary>As the actor system's configuration says.</summary>
    public static JournalPlace Of(ActorSystem system)
    {
        var journal = Setting(system, JournalConfig.Journal);
        if (journal.Provider.Length == 0)
        {
            throw new ArgumentException(
                $"The actor system has no {JournalConfig.Journal}: give it JournalConfig.Sqlite "
                + "or JournalConfig.PostgreSql.",
                nameof(system));
        }

        // A snapshot of another journal would be taken for one of this.
        return journal == Setting(system, JournalConfig.Snapshots)
            ? new(journal.Provider, journal.Connection)
            : throw new GossipException(
                "options-invalid",
                $"{JournalConfig.Journal} and {JournalConfig.Snapshots} must have the same "
                + "provider-name and connection-string.");
    }

    /// <summary>Before the first event. A server's durability is its owner's to set.</summary>
    public void Prepare()
    {
        if (!IsSqlite)
        {
            _claim = _provider.StartsWith("PostgreSQL", StringComparison.Ordinal)
                ? new(this)
                : null;
            Claim();
            return;
        }

        try
        {
            _home = JournalHome.Enter(Name);
            using var db = Open();
            var mode = db.Execute<string>("PRAGMA journal_mode");
            var synchronous = db.Execute<int>("PRAGMA synchronous");
            if (mode != "wal" || synchronous < Full)
            {
                throw new StoreException(
                    StoreFault.Io,
                    $"SQLite would not make '{Name}' durable (journal_mode {mode}, synchronous "
                    + $"{synchronous}): this file system, or this build of SQLite, cannot.");
            }
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Map(e, Name);
        }
    }

    /// <summary>Before any of it is read: nobody else may have it.</summary>
    /// <exception cref="StoreException">Locked, or the server cannot be reached.</exception>
    public void Claim() => _claim?.Hold();

    public DataConnection Open() =>
        new(new DataOptions().UseConnectionString(_provider, _connection));

    /// <summary>After the last event: no overwritten byte stays in the write-ahead log.</summary>
    public void Close()
    {
        if (IsSqlite)
        {
            using var connection = new SqliteConnection(_connection);
            SqliteConnection.ClearPool(connection);
            _home?.Leave();
        }

        _claim?.Dispose();
    }

    private static (string Provider, string Connection) Setting(ActorSystem system, string key)
    {
        var plugin = system.Settings.Config.GetConfig(key);
        return (
            plugin?.GetString("provider-name", "") ?? "",
            plugin?.GetString("connection-string", "") ?? "");
    }

    private static string ServerName(string provider, string connection)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connection };
            return parts.TryGetValue("Database", out var database)
                && parts.TryGetValue("Host", out var host)
                    ? $"{provider}, {database} at {host}"
                    : provider;
        }
        catch (ArgumentException e)
        {
            throw new GossipException(
                "options-invalid",
                $"{JournalConfig.Journal}.connection-string is none: {e.Message}",
                e);
        }
    }
}
