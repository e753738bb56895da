using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gossip.Actors.Storage;

/// <summary>
/// One connection with its prepared statements, each prepared once. Parameters are ?1, ?2 … One
/// thread at a time.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>
    /// Only a foreign program can hold the lock so long; a node must not stand still.
    /// </summary>
    private const int BusySeconds = 1;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _queries = [];
    private readonly Dictionary<string, sqlite3_stmt> _changes = [];

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>
    /// Durable at each commit: WAL with synchronous=FULL survives loss of power. Ids are random, so
    /// each batch touches many pages of their index: a checkpoint at 16 MiB writes most of them
    /// once instead of four times. What is erased is overwritten with zeros.
    /// </summary>
    public static SqliteSession OpenWriter(string file) => Open(
        file,
        SqliteOpenMode.ReadWriteCreate,
        "PRAGMA page_size=4096; PRAGMA journal_mode=wal; PRAGMA synchronous=FULL; "
        + "PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=4000; "
        + "PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=1;");

    public static SqliteSession OpenReader(string file) =>
        Open(file, SqliteOpenMode.ReadWrite, "PRAGMA query_only=1; PRAGMA cache_size=-4000;");

    /// <summary>Statements that are run once.</summary>
    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// How many rows changed. Goes to the library directly: a command of the driver costs more than
    /// the insert that it stands for.
    /// </summary>
    public int Run(string sql, params object?[] values)
    {
        var change = Prepare(sql);
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                Check(Bind(change, i + 1, values[i]));
            }

            Check(raw.sqlite3_step(change));
            return raw.sqlite3_changes(_connection.Handle);
        }
        finally
        {
            // What it answers was answered by the step already.
            raw.sqlite3_reset(change);
        }
    }

    public long RowId(string sql, params object?[] values)
    {
        Run(sql, values);
        return raw.sqlite3_last_insert_rowid(_connection.Handle);
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

    /// <summary>
    /// SQLite ends some failed transactions by itself; then nothing is left to do.
    /// </summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
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
        foreach (var change in _changes.Values)
        {
            change.Dispose();
        }

        foreach (var query in _queries.Values)
        {
            query.Dispose();
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

    private sqlite3_stmt Prepare(string sql)
    {
        if (!_changes.TryGetValue(sql, out var change))
        {
            Check(raw.sqlite3_prepare_v2(_connection.Handle, sql, out change));
            _changes.Add(sql, change);
        }

        return change;
    }

    private static int Bind(sqlite3_stmt change, int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(change, index),
        long number => raw.sqlite3_bind_int64(change, index, number),
        int number => raw.sqlite3_bind_int64(change, index, number),
        string text => raw.sqlite3_bind_text(change, index, text),
        byte[] blob => raw.sqlite3_bind_blob(change, index, blob),
        _ => throw new UnreachableException($"BUG! {value.GetType()} is no column's type."),
    };

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _connection.Handle);

    private SqliteCommand Bind(string sql, object?[] values)
    {
        if (!_queries.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
            }

            _queries.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
