using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// Is this journal's file the one that this node wrote last? Two tables beside the plugin's own
/// keep what <see cref="StoreBirthplace"/> compares, so they are copied and restored with it. Of a
/// file that moved, the incarnations journaled so far do not count any more.
/// </summary>
internal sealed class JournalHome
{
    private const string Tables =
        "CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID; "
        + "CREATE TABLE IF NOT EXISTS moved("
        + "persistence_id TEXT PRIMARY KEY, sequence_number INTEGER NOT NULL) WITHOUT ROWID";

    /// <summary>The plugin makes its table only when it is first used.</summary>
    private const string IsNew =
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'journal'";

    private const string Forget =
        "INSERT OR REPLACE INTO moved SELECT persistence_id, max(sequence_number) "
        + "FROM journal GROUP BY persistence_id";

    private readonly string _file;
    private readonly SqliteSession _session;
    private readonly Dictionary<string, long> _moved;

    private JournalHome(string file, SqliteSession session, StoreBirthplace.Traces found)
    {
        (_file, _session) = (file, session);
        session.Execute(Tables);
        var forget = session.Scalar(IsNew) is 0L ? "DELETE FROM moved" : Forget;
        MovedReason = new StoreBirthplace(session, file, forget).Enter(found);
        _moved = session.Rows("SELECT persistence_id, sequence_number FROM moved")
            .ToDictionary(row => row.GetString(0), row => row.GetInt64(1), StringComparer.Ordinal);
    }

    /// <summary>Null when it is at home, or new.</summary>
    public string? MovedReason { get; }

    /// <summary>Before the plugin's first connection; stays connected until it is left.</summary>
    public static JournalHome Enter(string file)
    {
        var found = StoreBirthplace.Look(file);
        var session = SqliteSession.OpenWriter(file);
        try
        {
            return new(file, session, found);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Own incarnations in events up to this number were another life's.</summary>
    public long MovedAt(string persistenceId) => _moved.GetValueOrDefault(persistenceId);

    /// <summary>
    /// After the plugin's last connection: closing this one empties the write-ahead log.
    /// </summary>
    public void Leave()
    {
        new StoreBirthplace(_session, _file).Leave();
        _session.Dispose();
        StoreBirthplace.Seal(_file);
    }
}
