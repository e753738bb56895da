using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Gossip.Actors.Storage;

/// <summary>
/// One connection with its prepared statements, each prepared once. Parameters are $1, $2 … One
/// thread at a time.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>Only a foreign program can hold the lock so long; a node must not stand still.</summary>
    private const int BusySeconds = 1;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = [];

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>Durable at each commit: WAL with synchronous=FULL survives loss of power.</summary>
    public static SqliteSession OpenWriter(string file) => Open(
        file,
        SqliteOpenMode.ReadWriteCreate,
        "PRAGMA page_size=4096; PRAGMA journal_mode=wal; PRAGMA synchronous=FULL; "
        + "PRAGMA cache_size=-16000; PRAGMA journal_size_limit=67108864;");

    public static SqliteSession OpenReader(string file) =>
        Open(file, SqliteOpenMode.ReadWrite, "PRAGMA query_only=1; PRAGMA cache_size=-4000;");

    /// <summary>Statements that are run once.</summary>
    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>How many rows changed.</summary>
    public int Run(string sql, params object?[] values) => Bind(sql, values).ExecuteNonQuery();

    public long RowId(string sql, params object?[] values)
    {
        Run(sql, values);
        return SQLitePCL.raw.sqlite3_last_insert_rowid(_connection.Handle);
    }

    public IEnumerable<SqliteDataReader> Rows(string sql, params object?[] values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        while (reader.Read())
        {
            yield return reader;
        }
    }

    public object? Scalar(string sql, params object?[] values) =>
        Bind(sql, values).ExecuteScalar() is var value and not DBNull ? value : null;

    /// <summary>All of the work or none, even when the process dies.</summary>
    public void Transact(Action work)
    {
        Run("BEGIN IMMEDIATE");
        try
        {
            work();
            Run("COMMIT");
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    /// <summary>SQLite ends some failed transactions by itself; then nothing is left to do.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Run("ROLLBACK");
        }
    }

    /// <summary>Without a copy when the memory is a whole array, as decoded entries are.</summary>
    public static byte[] Blob(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var part) && part.Array!.Length == bytes.Length
            ? part.Array
            : bytes.ToArray();

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private static SqliteSession Open(string file, SqliteOpenMode mode, string pragmas)
    {
        _ = SqliteLibrary.Description;
        var session = new SqliteSession(new(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString()));
        try
        {
            session._connection.Open();
            session.Execute($"PRAGMA busy_timeout={BusySeconds * 1000}; {pragmas}");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private SqliteCommand Bind(string sql, object?[] values)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }

            _statements.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
