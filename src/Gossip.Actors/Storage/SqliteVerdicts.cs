using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>How do bans and blocks lie in their table?</summary>
internal static class SqliteVerdicts
{
    public static ImmutableArray<Verdict> Read(SqliteSession session) =>
    [
        .. session.Rows("SELECT did, kind, reason, since, until FROM verdicts ORDER BY did, kind")
            .Select(row => new Verdict(
                Did.FromKey(row.GetFieldValue<byte[]>(0)),
                (VerdictKind)row.GetInt32(1),
                row.GetString(2),
                row.GetInt64(3),
                row.IsDBNull(4) ? null : row.GetInt64(4))),
    ];

    public static void Write(SqliteSession session, Verdict verdict) => session.Run(
        "INSERT INTO verdicts(did, kind, reason, since, until) VALUES(?1, ?2, ?3, ?4, ?5) "
        + "ON CONFLICT(did, kind) DO UPDATE SET reason = excluded.reason, "
        + "since = excluded.since, until = excluded.until",
        verdict.Did.Key.ToArray(),
        (long)verdict.Kind,
        verdict.Reason,
        verdict.Since,
        verdict.Until);

    public static void Remove(SqliteSession session, Did did, VerdictKind kind) => session.Run(
        "DELETE FROM verdicts WHERE did = ?1 AND kind = ?2", did.Key.ToArray(), (long)kind);
}
