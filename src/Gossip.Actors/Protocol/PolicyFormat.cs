using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gossip.Actors.Wire;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Actors.Protocol;

/// <summary>How is a change of policy spelled in bytes? The data of a policy entry's payload.
/// </summary>
public static class PolicyFormat
{
    /// <summary>Fields of the longest revocation, each log and admission with its own.</summary>
    private const int FieldsMax = 8 * PolicyChange.Revocation.LogsMax
        + 4 * PolicyChange.Revocation.AdmissionsMax + 64;

    /// <summary>
    /// Of any change but a revocation: a key, an address or a label, and some numbers need half.
    /// </summary>
    private const int ShortBytesMax = 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private static readonly MessageParser<Proto.PolicyChange> Parser =
        Proto.PolicyChange.Parser.WithDiscardUnknownFields(true);

    public static byte[] Encode(PolicyChange change)
    {
        var message = change switch
        {
            PolicyChange.Founding(var label, var terms, var max) => new Proto.PolicyChange
            {
                Founding = new()
                {
                    Label = ByteString.CopyFromUtf8(label),
                    Terms = Encode(terms),
                    EntriesMax = (ulong)max,
                },
            },
            PolicyChange.NewTerms(var terms) => new() { Terms = Encode(terms) },
            PolicyChange.Invitation(var author, var writes, var max, var address) invited => new()
            {
                Invitation = new()
                {
                    Author = ByteString.CopyFrom(author.Key),
                    Writes = writes,
                    EntriesMax = (ulong)max,
                    Address = ByteString.CopyFromUtf8(address),
                    ByTrust = invited.IsByTrust,
                },
            },
            PolicyChange.Appointment(var author, var role) => new()
            {
                Appointment = new() { Author = ByteString.CopyFrom(author.Key), Role = (uint)role },
            },
            PolicyChange.Revocation revocation => new() { Revocation = Encode(revocation) },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return message.ToByteArray();
    }

    /// <summary>
    /// False for anything that this version does not understand as a whole: a policy that cannot
    /// be read must close the topic, never open it.
    /// </summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out PolicyChange? change)
    {
        change = null;
        try
        {
            if (!WireGuard.Fits(bytes.Span, Proto.PolicyChange.Descriptor, FieldsMax))
            {
                return false;
            }

            // One change an entry.
            var reader = new WireReader(bytes);
            if (!reader.Next() || !reader.IsAtEnd)
            {
                return false;
            }

            if (reader.Field == Proto.PolicyChange.RevocationFieldNumber)
            {
                change = RevocationDecoder.Read(reader.Bytes);
                return true;
            }

            if (bytes.Length > ShortBytesMax)
            {
                return false;
            }

            var message = Parser.ParseFrom(bytes.Span);
            if (message.CalculateSize() != bytes.Length)
            {
                // A newer version says more here, perhaps a restriction.
                return false;
            }

            change = message.ChangeCase switch
            {
                Proto.PolicyChange.ChangeOneofCase.Founding => Decode(message.Founding),
                Proto.PolicyChange.ChangeOneofCase.Terms =>
                    new PolicyChange.NewTerms(Decode(message.Terms)),
                Proto.PolicyChange.ChangeOneofCase.Invitation => Decode(message.Invitation),
                Proto.PolicyChange.ChangeOneofCase.Appointment => Decode(message.Appointment),
                _ => null,
            };
            return change is not null;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException
            or ArgumentException)
        {
            return false;
        }
    }

    private static Proto.Terms Encode(PolicyTerms terms) => new()
    {
        Kind = (uint)terms.Kind,
        MinTrust = (uint)Math.Round(terms.MinTrust * PolicyTerms.TrustUnit),
        KeepSeconds = (ulong)terms.Keep.TotalSeconds,
        KeepBytes = (ulong)terms.KeepBytes,
    };

    private static Proto.Revocation Encode(PolicyChange.Revocation revocation)
    {
        var message = new Proto.Revocation { Author = ByteString.CopyFrom(revocation.Author.Key) };
        message.Admissions.AddRange(revocation.Admissions.Select(a => new Proto.AdmissionRef
        {
            Seq = (ulong)a.Seq,
            Id = a == Admission.None ? ByteString.Empty : EntryFormat.ToBytes(a.Id.Hash),
        }));
        message.Logs.AddRange(revocation.Logs.Select(l => new Proto.LastSlot
        {
            Log = EntryFormat.Encode(l.Log),
            Seq = (ulong)l.Seq,
        }));
        return message;
    }

    private static PolicyChange.Founding Decode(Proto.Founding message)
    {
        var label = StrictUtf8.GetString(message.Label.Span);
        return label.Length <= TopicName.LabelBytesMax && TopicName.Refusal(label) is null
            ? new(label, Decode(message.Terms), Count(message.EntriesMax))
            : throw new FormatException("A founding entry's label cannot name a topic.");
    }

    private static PolicyTerms Decode(Proto.Terms? message) => message is
    { Kind: 1 or 2, MinTrust: <= PolicyTerms.TrustUnit, KeepSeconds: <= 1UL << 36 }
        ? new()
        {
            Kind = (TopicKind)message.Kind,
            MinTrust = message.MinTrust / (double)PolicyTerms.TrustUnit,
            Keep = TimeSpan.FromSeconds(message.KeepSeconds),
            KeepBytes = Count(message.KeepBytes),
        }
        : throw new FormatException("Terms are missing, or of a kind that is not known here.");

    private static PolicyChange.Invitation Decode(Proto.Invitation message) =>
        message.Address.Length <= WireLimits.AddressBytesMax
            ? new(
                Did.FromKey(message.Author.Span), message.Writes, Count(message.EntriesMax),
                StrictUtf8.GetString(message.Address.Span))
            {
                IsByTrust = message.ByTrust,
            }
            : throw new FormatException("An address is longer than any host and port.");

    private static PolicyChange.Appointment Decode(Proto.Appointment message) =>
        message.Role is 1 or 2
            ? new(Did.FromKey(message.Author.Span), (PolicyRole)message.Role)
            : throw new FormatException($"Role {message.Role} is not known here.");

    private static long Count(ulong count) => count < Dot.SeqMax
        ? (long)count
        : throw new FormatException($"A count is below 2^53, not {count}.");
}
