using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>What does a batch change in the tables? Runs inside the writer's transaction.</summary>
internal sealed class SqliteCommit(SqliteSession session, SqliteTopics topics)
{
    public void Apply(Batch batch)
    {
        var topic = topics.Get(batch.Topic, batch.Topic);
        CommitRules.Check(batch, topic.Position);
        foreach (var record in batch.Logs)
        {
            var log = LogOf(topic, record.Log);
            Close(topic, log, record);
            if (record.FloorMax > log.FloorMax)
            {
                SqliteSegments.Trim(session, topic.Number, log, record.FloorMax);
            }
        }

        var placed = batch.Placements.ToDictionary(p => p.Dot, p => p.Position);
        foreach (var entry in batch.Entries)
        {
            var log = LogOf(topic, entry.Header.Log);
            long? position = placed.Remove(entry.Dot, out var given) ? given : null;
            Insert(topic, log, entry, position, batch.Arrived);
        }

        SqliteSegments.Add(session, batch, log => LogOf(topic, log).Number);

        foreach (var (dot, position) in placed)
        {
            Place(topic, dot, position);
        }

        foreach (var late in batch.Placements.Where(p => p.IsLate))
        {
            session.Run(
                "INSERT INTO late(topic, position) VALUES(?1, ?2)", topic.Number, late.Position);
        }

        foreach (var record in batch.Keys)
        {
            var log = LogOf(topic, record.Publication.Dot.Log);
            SqliteReaders.WriteKey(session, topic.Number, log.Number, record);
        }

        foreach (var policy in batch.Policies)
        {
            session.Run(
                "INSERT INTO policies(topic, id, header, signature, payloads) "
                + "VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                topic.Number,
                policy.Id.Hash.ToArray(),
                SqliteSession.Blob(policy.SignedHeader.HeaderBytes),
                SqliteSession.Blob(policy.SignedHeader.Signature),
                SqliteSession.Blob(policy.PayloadList));
        }

        Erase(topic, batch);
        WriteLogs(topic, batch);
        WriteTopic(topic, batch);
    }

    /// <summary>
    /// A closure that falls makes entries disputed: kept, but no longer delivered.
    /// </summary>
    private void Close(SqliteTopic topic, SqliteLog log, LogRecord record)
    {
        CommitRules.CheckClosure(record, log.ClosedAt);
        if (record.ClosedAt is not { } end || end == log.ClosedAt)
        {
            return;
        }

        log.ClosedAt = end;
        var takenBack = session.Run(
            "UPDATE entries SET position = NULL WHERE log = ?1 AND seq >= ?2 "
            + "AND position IS NOT NULL",
            log.Number,
            end);
        if (takenBack > 0)
        {
            session.Run(
                "UPDATE topics SET taken_back = taken_back + 1 WHERE number = ?1", topic.Number);
        }

        log.Tally = session
            .Rows(
                "SELECT count(*), ifnull(sum(payload_count), 0), ifnull(sum(size), 0), "
                + "ifnull(min(time), 0), ifnull(max(time), 0) FROM entries "
                + "WHERE log = ?1 AND seq < ?2",
                log.Number,
                end)
            .Select(row => SqliteRows.Tally(row, 0))
            .Single();
    }

    private void Insert(
        SqliteTopic topic, SqliteLog log, Entry entry, long? position, long arrival)
    {
        var header = entry.Header;
        var isDisputed = log.IsDisputed(header.Seq);
        session.Run(
            "INSERT INTO entries(topic, log, seq, position, id, prev, size, payload_count, time, "
            + "arrival, header, signature, payloads) "
            + "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            topic.Number,
            log.Number,
            header.Seq,
            isDisputed ? null : position,
            entry.Id.Hash.ToArray(),
            header.Prev.Hash.ToArray(),
            entry.Size,
            entry.PayloadCount,
            header.Time,
            arrival,
            SqliteSession.Blob(entry.SignedHeader.HeaderBytes),
            SqliteSession.Blob(entry.SignedHeader.Signature),
            SqliteSession.Blob(entry.PayloadList));
        if (!isDisputed)
        {
            log.Tally = log.Tally.Add(entry);
        }
    }

    private void Erase(SqliteTopic topic, Batch batch)
    {
        foreach (var erasure in batch.Erasures)
        {
            SqliteErasures.Keep(session, topic.Number, erasure);
        }

        foreach (var erasure in batch.Erased)
        {
            if (topic.Logs.TryGetValue(erasure.Dot.Log, out var log)
                && SqliteErasures.Apply(session, log, erasure))
            {
                WriteTally(log);
            }
        }
    }

    private void Place(SqliteTopic topic, Dot dot, long position)
    {
        var log = topic.Logs.GetValueOrDefault(dot.Log);
        var changed = log is null ? 0 : session.Run(
            "UPDATE entries SET position = ?1 WHERE log = ?2 AND seq = ?3 AND position IS NULL",
            log.IsDisputed(dot.Seq) ? null : position,
            log.Number,
            dot.Seq);
        Invariant.Holds(changed == 1, $"{dot} is placed but not stored, or placed twice.");
    }

    private SqliteLog LogOf(SqliteTopic topic, LogId id)
    {
        if (!topic.Logs.TryGetValue(id, out var log))
        {
            var number = session.RowId(
                $"INSERT INTO logs(topic, {SqliteRows.LogColumns}) VALUES(?1, ?2, ?3, ?4, ?5)",
                [topic.Number, .. SqliteRows.Key(id)]);
            topic.Logs.Add(id, log = new(number));
        }

        return log;
    }

    private void WriteLogs(SqliteTopic topic, Batch batch)
    {
        var unrecorded = batch.Entries.Select(e => e.Header.Log).ToHashSet();
        foreach (var record in batch.Logs)
        {
            unrecorded.Remove(record.Log);
            var log = topic.Logs[record.Log];
            session.Run(
                "UPDATE logs SET floor = ?2, head = ?3, head_id = ?4, delivered = ?5, "
                + "delivered_id = ?6, entries = ?7, payloads = ?8, bytes = ?9, oldest = ?10, "
                + "newest = ?11, lost = ?12, floor_max = ?13 WHERE number = ?1",
                log.Number,
                record.Floor,
                record.Head,
                record.HeadId.Hash.ToArray(),
                record.Delivered,
                record.DeliveredId.Hash.ToArray(),
                log.Tally.Entries,
                log.Tally.Payloads,
                log.Tally.Bytes,
                log.Tally.Oldest,
                log.Tally.Newest,
                SqliteRows.Text(record.Lost),
                record.FloorMax);
            if (record.ClosedAt is not null)
            {
                WriteClosure(log, record);
            }
        }

        foreach (var id in unrecorded)
        {
            WriteTally(topic.Logs[id]);
        }
    }

    private void WriteTally(SqliteLog log) => session.Run(
        "UPDATE logs SET entries = ?2, payloads = ?3, bytes = ?4, oldest = ?5, newest = ?6 "
        + "WHERE number = ?1",
        log.Number,
        log.Tally.Entries,
        log.Tally.Payloads,
        log.Tally.Bytes,
        log.Tally.Oldest,
        log.Tally.Newest);

    private void WriteClosure(SqliteLog log, LogRecord record)
    {
        var proof = record.Closure?.Proof;
        session.Run(
            "UPDATE logs SET closed_at = ?2, policy_end = ?3, proof_first = ?4, "
            + "proof_first_signature = ?5, proof_second = ?6, proof_second_signature = ?7 "
            + "WHERE number = ?1",
            log.Number,
            record.ClosedAt,
            record.PolicyEnd == long.MaxValue ? null : record.PolicyEnd,
            Blob(proof?.First.HeaderBytes),
            Blob(proof?.First.Signature),
            Blob(proof?.Second.HeaderBytes),
            Blob(proof?.Second.Signature));

        static object? Blob(ReadOnlyMemory<byte>? bytes) =>
            bytes is { } some ? SqliteSession.Blob(some) : null;
    }

    private void WriteTopic(SqliteTopic topic, Batch batch)
    {
        if (!batch.Placements.IsEmpty)
        {
            topic.Position = batch.Placements[^1].Position;
            session.Run(
                "UPDATE topics SET position = ?2 WHERE number = ?1", topic.Number, topic.Position);
        }

        if (batch.OwnIncarnation is { } own)
        {
            session.Run(
                "UPDATE topics SET own_incarnation = ?2 WHERE number = ?1",
                topic.Number,
                unchecked((long)own));
        }
    }
}
