using Akka.Configuration;
using Akka.Persistence.Sql;
using Microsoft.Data.Sqlite;

namespace Gossip.Akka.Persistence;

/// <summary>
/// What must an actor system's configuration say, so that a <see cref="JournalStore"/> can be
/// opened in it? Give the result to the system that hosts the node, with your own in front.
/// </summary>
public static class JournalConfig
{
    public const string FileName = "journal.db";

    internal const string Journal = "akka.persistence.journal.sql";
    internal const string Snapshots = "akka.persistence.snapshot-store.sql";
    internal const string SqliteProvider = "SQLite.MS";
    private const string PostgreSqlProvider = "PostgreSQL.15";

    /// <summary>One file in the node's data directory, which must be held.</summary>
    /// <remarks>
    /// Durability: opening the store gives the file a write-ahead log, and that stays so. SQLite
    /// then syncs at each commit, because synchronous=FULL is what it is built with; the plugin
    /// has no setting for it, so opening checks it and refuses less.
    /// </remarks>
    public static Config Sqlite(string dataDirectory)
    {
        var file = Path.Combine(Path.GetFullPath(dataDirectory), FileName);
        return Of(SqliteProvider, new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWriteCreate,
        }.ToString());
    }

    /// <summary>
    /// A database of this node alone, which nobody restores: unlike a file, it cannot be told from
    /// a copy, and a node that goes on from an older state forks its own logs. A second node in it
    /// is refused. Its provider is the host's to add: the package Npgsql, which is found by its
    /// name. A commit is as durable as the server's synchronous_commit says.
    /// </summary>
    public static Config PostgreSql(string connectionString) =>
        Of(PostgreSqlProvider, connectionString);

    // One writer at a time: what arrives meanwhile shares the next transaction. Parameters, since
    // a large entry spelled as a literal is longer than SQLite reads. An event may be megabytes,
    // so few are fetched at once.
    private static Config Of(string provider, string connection) => ConfigurationFactory
        .ParseString(
            $$"""
            {{Journal}} {
              provider-name = {{Quoted(provider)}}
              connection-string = {{Quoted(connection)}}
              parallelism = 1
              prefer-parameters-on-multirow-insert = on
              replay-batch-size = 50
            }
            {{Snapshots}} {
              provider-name = {{Quoted(provider)}}
              connection-string = {{Quoted(connection)}}
            }
            akka.persistence.journal.plugin = {{Journal}}
            akka.persistence.snapshot-store.plugin = {{Snapshots}}
            akka.actor {
              serializers.gossip-journal =
                "Gossip.Akka.Persistence.JournalSerializer, Gossip.Akka"
              serialization-bindings {
                "Gossip.Akka.Persistence.Proto.Commit, Gossip.Akka" = gossip-journal
                "Gossip.Akka.Persistence.Proto.Facts, Gossip.Akka" = gossip-journal
              }
            }
            """)
        .WithFallback(SqlPersistence.DefaultConfiguration);

    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", @"\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
