using System.Globalization;

namespace Gossip.Actors.Storage;

/// <summary>
/// What do the tables look like? Version n is reached by the n-th migration, each in a transaction
/// of its own; <c>user_version</c> says how far a file has come. A migration that was released is
/// never edited.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>In the file's header: "Goss".</summary>
    private const long ApplicationId = 0x476F7373;

    /// <summary>
    /// Columns that are read without the bodies stand before them. Statistics stand in the log's
    /// row, so that nobody counts entries.
    /// </summary>
    private const string First = """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
        CREATE TABLE topics(
            number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,
            own_incarnation INTEGER, position INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE logs(
            number INTEGER PRIMARY KEY, topic INTEGER NOT NULL,
            author BLOB NOT NULL, incarnation INTEGER NOT NULL,
            admission_seq INTEGER NOT NULL, admission_id BLOB NOT NULL,
            floor INTEGER NOT NULL DEFAULT 1,
            head INTEGER NOT NULL DEFAULT 0, head_id BLOB NOT NULL DEFAULT (zeroblob(32)),
            delivered INTEGER NOT NULL DEFAULT 0,
            delivered_id BLOB NOT NULL DEFAULT (zeroblob(32)),
            closed_at INTEGER, proof_first BLOB, proof_first_signature BLOB,
            proof_second BLOB, proof_second_signature BLOB,
            entries INTEGER NOT NULL DEFAULT 0, payloads INTEGER NOT NULL DEFAULT 0,
            bytes INTEGER NOT NULL DEFAULT 0, oldest INTEGER NOT NULL DEFAULT 0,
            newest INTEGER NOT NULL DEFAULT 0,
            UNIQUE(topic, author, incarnation, admission_seq, admission_id));
        CREATE TABLE entries(
            number INTEGER PRIMARY KEY, topic INTEGER NOT NULL, log INTEGER NOT NULL,
            seq INTEGER NOT NULL, position INTEGER, id BLOB NOT NULL, prev BLOB NOT NULL,
            size INTEGER NOT NULL, payload_count INTEGER NOT NULL,
            time INTEGER NOT NULL, arrival INTEGER NOT NULL,
            header BLOB NOT NULL, signature BLOB NOT NULL, payloads BLOB NOT NULL);
        CREATE UNIQUE INDEX entries_by_slot ON entries(log, seq);
        CREATE INDEX entries_by_id ON entries(id);
        CREATE UNIQUE INDEX entries_by_position ON entries(topic, position)
            WHERE position IS NOT NULL;
        """;

    /// <summary>Keys that this node published under, and where its own readers stand.</summary>
    private const string Second = """
        CREATE TABLE keys(
            topic INTEGER NOT NULL, key TEXT NOT NULL, log INTEGER NOT NULL, seq INTEGER NOT NULL,
            first INTEGER NOT NULL, count INTEGER NOT NULL, id BLOB NOT NULL,
            position INTEGER NOT NULL, PRIMARY KEY(topic, key)) WITHOUT ROWID;
        CREATE TABLE readers(
            number INTEGER PRIMARY KEY, topic INTEGER NOT NULL, kind INTEGER NOT NULL,
            name TEXT NOT NULL, position INTEGER NOT NULL, taken_back INTEGER NOT NULL,
            skipped TEXT NOT NULL, snapshot BLOB, UNIQUE(topic, kind, name));
        ALTER TABLE topics ADD COLUMN taken_back INTEGER NOT NULL DEFAULT 0;
        """;

    /// <summary>
    /// Entries of policy logs, with what their log closed before; and where a policy ends logs.
    /// </summary>
    private const string Third = """
        CREATE TABLE policies(
            number INTEGER PRIMARY KEY, topic INTEGER NOT NULL, id BLOB NOT NULL,
            header BLOB NOT NULL, signature BLOB NOT NULL, payloads BLOB NOT NULL,
            UNIQUE(topic, id));
        ALTER TABLE logs ADD COLUMN policy_end INTEGER;
        """;

    /// <summary>Statements that erase payloads, of entries that are held or may come.</summary>
    private const string Erasures = """
        CREATE TABLE erasures(
            number INTEGER PRIMARY KEY, topic INTEGER NOT NULL,
            author BLOB NOT NULL, incarnation INTEGER NOT NULL,
            admission_seq INTEGER NOT NULL, admission_id BLOB NOT NULL,
            seq INTEGER NOT NULL, id BLOB NOT NULL, erased_by BLOB NOT NULL,
            signature BLOB NOT NULL,
            UNIQUE(topic, author, incarnation, admission_seq, admission_id, seq, id, erased_by,
                signature));
        """;

    /// <summary>Whom this node keeps out: bans that end, and blocks that do not.</summary>
    private const string Exclusions = """
        CREATE TABLE exclusions(
            did BLOB NOT NULL, kind INTEGER NOT NULL, reason TEXT NOT NULL,
            since INTEGER NOT NULL, until INTEGER, PRIMARY KEY(did, kind)) WITHOUT ROWID;
        """;

    /// <summary>
    /// What is forgotten together, how much of it there is, and what turned up late. A claimed
    /// time in the future keeps nothing: the arrival counts then.
    /// </summary>
    private const string Retention = """
        CREATE TABLE segments(
            log INTEGER NOT NULL, number INTEGER NOT NULL, entries INTEGER NOT NULL,
            bytes INTEGER NOT NULL, newest INTEGER NOT NULL,
            PRIMARY KEY(log, number)) WITHOUT ROWID;
        INSERT INTO segments SELECT log, seq / 1024, count(*), sum(size),
            max(min(time, arrival)) FROM entries GROUP BY log, seq / 1024;
        CREATE TABLE late(
            topic INTEGER NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY(topic, position)) WITHOUT ROWID;
        ALTER TABLE logs ADD COLUMN lost TEXT NOT NULL DEFAULT '';
        ALTER TABLE logs ADD COLUMN floor_max INTEGER NOT NULL DEFAULT 1;
        """;

    public static readonly IReadOnlyList<string> Migrations =
        [First, Second, Third, Exclusions, Erasures, Retention];

    public static void Migrate(
        SqliteSession session, string file, IReadOnlyList<string> migrations)
    {
        var version = Number(session, "PRAGMA user_version");
        if (version > migrations.Count)
        {
            throw SqliteErrors.Newer(file, version, migrations.Count);
        }

        var isOurs = Number(session, "PRAGMA application_id") == ApplicationId;
        if (!isOurs && (version > 0 || Number(session, "SELECT count(*) FROM sqlite_master") > 0))
        {
            throw SqliteErrors.Corrupt(file, "it is another program's database");
        }

        for (var next = version; next < migrations.Count; next++)
        {
            session.Transact(() => session.Execute(
                $"PRAGMA application_id={ApplicationId}; {migrations[(int)next]}; "
                + $"PRAGMA user_version={next + 1};"));
        }
    }

    private static long Number(SqliteSession session, string sql) =>
        Convert.ToInt64(session.Scalar(sql), CultureInfo.InvariantCulture);
}
