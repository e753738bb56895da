using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Wire;

/// <summary>
/// What does a revocation withdraw? Read by hand, as headers are: it is the one change of policy
/// that is long. Anything that this version does not know makes it unreadable.
/// </summary>
internal static class RevocationDecoder
{
    /// <exception cref="FormatException">It cannot be understood as a whole.</exception>
    public static PolicyChange.Revocation Read(ReadOnlyMemory<byte> body)
    {
        Did? author = null;
        var reader = new WireReader(body);
        var admissions = ImmutableArray.CreateBuilder<Admission>(AtMost(
            PolicyChange.Revocation.AdmissionsMax,
            reader.Count(Proto.Revocation.AdmissionsFieldNumber)));
        var logs = ImmutableArray.CreateBuilder<LastSlot>(AtMost(
            PolicyChange.Revocation.LogsMax,
            reader.Count(Proto.Revocation.LogsFieldNumber)));
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.Revocation.AuthorFieldNumber when author is null:
                    author = Did.FromKey(reader.Bytes.Span);
                    break;
                case Proto.Revocation.AdmissionsFieldNumber:
                    admissions.Add(AdmissionIn(reader.Bytes));
                    break;
                case Proto.Revocation.LogsFieldNumber:
                    logs.Add(LastSlotIn(reader.Bytes));
                    break;
                default:
                    throw Unknown(reader.Field);
            }
        }

        return new(
            author ?? throw new FormatException("A revocation names no author."),
            admissions.MoveToImmutable(),
            logs.MoveToImmutable());
    }

    private static Admission AdmissionIn(ReadOnlyMemory<byte> body)
    {
        var seq = 0UL;
        ReadOnlyMemory<byte> id = default;
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.AdmissionRef.SeqFieldNumber when seq == 0:
                    seq = reader.Varint;
                    break;
                case Proto.AdmissionRef.IdFieldNumber when id.IsEmpty:
                    id = reader.Bytes;
                    break;
                default:
                    throw Unknown(reader.Field);
            }
        }

        return seq == 0 && id.IsEmpty
            ? Admission.None
            : new(EntryFormat.DecodeSeq(seq), new(Hash.Read(id.Span)));
    }

    private static LastSlot LastSlotIn(ReadOnlyMemory<byte> body)
    {
        var (log, seq) = (default(LogId), 0UL);
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.LastSlot.LogFieldNumber when log is null:
                    log = RowDecoder.Log(reader.Bytes);
                    break;
                case Proto.LastSlot.SeqFieldNumber when seq == 0:
                    seq = reader.Varint;
                    break;
                default:
                    throw Unknown(reader.Field);
            }
        }

        return new(
            log ?? throw new FormatException("A last slot names no log."),
            seq < Dot.SeqMax
                ? (long)seq
                : throw new FormatException($"A last slot is below 2^53, not {seq}."));
    }

    private static int AtMost(int max, int count) => count <= max
        ? count
        : throw new FormatException($"A revocation names {max} at most, not {count}.");

    private static FormatException Unknown(int field) =>
        new($"Field {field} of a revocation is unknown here, or stands there twice.");
}
