using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>How do bans and blocks lie in their table?</summary>
internal static class SqliteExclusions
{
    public static ImmutableArray<Exclusion> Read(SqliteSession session) =>
    [
        .. session
            .Rows("SELECT did, kind, reason, since, until FROM exclusions ORDER BY did, kind")
            .Select(row => new Exclusion(
                Did.FromKey(row.GetFieldValue<byte[]>(0)),
                (ExclusionKind)row.GetInt32(1),
                row.GetString(2),
                row.GetInt64(3),
                row.IsDBNull(4) ? null : row.GetInt64(4))),
    ];

    public static void Write(SqliteSession session, Exclusion exclusion) => session.Run(
        "INSERT INTO exclusions(did, kind, reason, since, until) VALUES(?1, ?2, ?3, ?4, ?5) "
        + "ON CONFLICT(did, kind) DO UPDATE SET reason = excluded.reason, "
        + "since = excluded.since, until = excluded.until",
        exclusion.Did.Key.ToArray(),
        (long)exclusion.Kind,
        exclusion.Reason,
        exclusion.Since,
        exclusion.Until);

    public static void Remove(SqliteSession session, Did did, ExclusionKind kind) => session.Run(
        "DELETE FROM exclusions WHERE did = ?1 AND kind = ?2", did.Key.ToArray(), (long)kind);
}
