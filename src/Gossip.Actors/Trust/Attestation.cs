using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Google.Protobuf;

namespace Gossip.Actors.Trust;

/// <summary>
/// What does one payload of <see cref="SystemTopic.Trust"/> say: that the entry's author trusts
/// this subject so much? The entry's signature is its signature.
/// </summary>
public sealed record Attestation(Did Subject, Weight Weight, string Note)
{
    /// <summary>Bytes of UTF-8; a sentence, to tell later why.</summary>
    public const int NoteBytesMax = 128;

    /// <summary>Key, weight and note need 180; the rest is for fields of later versions.</summary>
    public const int BytesMax = 512;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Whether a note has a spelling, and is short enough.</summary>
    public static bool IsNote(string note) =>
        PublishKey.IsText(note) && Encoding.UTF8.GetByteCount(note) <= NoteBytesMax;

    public byte[] Encode() => new Wire.Proto.Attestation
    {
        Subject = ByteString.CopyFrom(Subject.Key),
        Weight = (uint)Weight.Millionths,
        Note = ByteString.CopyFrom(StrictUtf8.GetBytes(Note)),
    }.ToByteArray();

    /// <summary>Anybody's bytes: either an attestation, or why not.</summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out Attestation? attestation,
        [NotNullWhen(false)] out string? reason)
    {
        attestation = null;
        reason = null;
        if (bytes.Length > BytesMax)
        {
            reason = $"{bytes.Length} bytes; at most {BytesMax}.";
            return false;
        }

        try
        {
            attestation = Read(bytes);
            return true;
        }
        catch (FormatException e)
        {
            reason = e.Message;
            return false;
        }
    }

    private static Attestation Read(ReadOnlyMemory<byte> bytes)
    {
        var (subject, weight, note) = ((Did?)null, 0UL, "");
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Wire.Proto.Attestation.SubjectFieldNumber:
                    subject = Did.FromKey(reader.Bytes.Span);
                    break;
                case Wire.Proto.Attestation.WeightFieldNumber:
                    weight = reader.Varint;
                    break;
                case Wire.Proto.Attestation.NoteFieldNumber:
                    note = Text(reader.Bytes.Span);
                    break;
            }
        }

        return weight <= Weight.One
            ? new(
                subject ?? throw new FormatException("It names no subject."),
                Weight.OfMillionths((int)weight),
                note)
            : throw new FormatException($"A weight of {weight} millionths; at most {Weight.One}.");
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > NoteBytesMax)
        {
            throw new FormatException($"A note of {bytes.Length} bytes; at most {NoteBytesMax}.");
        }

        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (ArgumentException e)
        {
            throw new FormatException("The note is no UTF-8.", e);
        }
    }
}
