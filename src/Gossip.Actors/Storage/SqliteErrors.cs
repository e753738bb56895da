using Gossip.Actors.Protocol;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gossip.Actors.Storage;

/// <summary>What does an SQLite code mean for the person who runs the node?</summary>
internal static class SqliteErrors
{
    /// <summary>
    /// These undo one statement and leave the transaction alive: too big, constraint, mismatch.
    /// </summary>
    public static bool IsOfOneBatch(Exception e) => e is not SqliteException sqlite
        || sqlite.SqliteErrorCode
            is raw.SQLITE_TOOBIG or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH;

    /// <summary>
    /// After these a commit is known to have written nothing that counts: the frame that ends a
    /// transaction is the last one written.
    /// </summary>
    public static bool IsKnownRollback(Exception e) => e is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_BUSY or raw.SQLITE_READONLY,
    };

    public static Exception Map(Exception e, string file) => e switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT } =>
            new InvariantException($"An entry or a position is stored twice ({e.Message})."),
        SqliteException sqlite => ToStoreException(sqlite, file),
        FormatException or InvalidCastException or OverflowException =>
            Corrupt(file, $"a stored value cannot be read ({e.Message})", e),
        _ => e,
    };

    public static StoreException OutcomeUnknown(Exception e, string file) => new(
        StoreFault.Io,
        $"Whether the last commit to '{file}' is durable is unknown ({e.Message}). No further "
        + "write is taken: check the disk and the system's log, then restart the node.",
        outcomeUnknown: true,
        e);

    public static StoreException Corrupt(string file, string what, Exception? inner = null) => new(
        StoreFault.Corrupt,
        $"'{file}' is damaged or is no gossip store: {what}. Keep a copy, move it away together "
        + "with its -wal and -shm files, and start again: peers bring the entries back. What only "
        + "this node held can be salvaged with 'sqlite3 FILE .recover'.",
        inner: inner);

    public static StoreException Newer(string file, long version, int known) => new(
        StoreFault.Newer,
        $"'{file}' has schema version {version} and was made by a newer gossip; this one knows up "
        + $"to {known}. Upgrade gossip, or use another data directory.");

    public static StoreException Closed(string file) =>
        new(StoreFault.Closed, $"The store '{file}' is closed; start the node again.");

    private static StoreException ToStoreException(SqliteException e, string file)
    {
        var (fault, text) = e.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => (StoreFault.Locked,
                $"'{file}' is locked by another program. Close it (a database browser, a backup); "
                + "the node goes on by itself"),
            raw.SQLITE_FULL => (StoreFault.Full,
                $"No room is left for '{file}'. Free space on its disk; the node goes on by "
                + "itself"),
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => (
                StoreFault.ReadOnly,
                $"'{file}' cannot be opened for writing. Check that its directory exists, the "
                + "owner and permissions of both, and that the disk is mounted for writing"),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => (StoreFault.Corrupt, null),
            _ => (StoreFault.Io,
                $"'{file}' cannot be read or written. Check the disk and the system's log"),
        };
        return text is null
            ? Corrupt(file, $"SQLite {e.SqliteExtendedErrorCode}, {e.Message}", e)
            : new(fault, $"{text} (SQLite {e.SqliteExtendedErrorCode}: {e.Message}).", inner: e);
    }
}
