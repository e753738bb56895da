using System.Security.Cryptography;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

/// <summary>What do these tests build from, where the value itself does not matter?</summary>
internal static class Some
{
    /// <summary>A key that nobody owns; the format does not look at the curve.</summary>
    public static Did Author(int number)
    {
        var key = new byte[Did.KeyBytes];
        key[0] = 2;
        key[^1] = (byte)number;
        return Did.FromKey(key);
    }

    public static LogId Log(int author, ulong incarnation = 1) =>
        new(Author(author), incarnation, Admission.None);

    public static EntryId Id(int number) => new(new Hash(0, 0, 0, (ulong)number));

    public static Header Header(LogId log, long seq, EntryId? prev = null) => new()
    {
        Network = "test",
        Topic = TopicId.OfPublic(new TopicName("news")),
        Log = log,
        Seq = seq,
        Prev = seq == 1 ? EntryId.None : prev ?? Id((int)seq - 1),
        Clock = [],
        Time = 1_700_000_000_000,
        PayloadCount = 1,
        PayloadBytes = 10,
        PayloadHash = new Hash(1, 2, 3, 4),
    };

    public static SignedHeader Signed(Header header, byte signature = 0)
    {
        var bytes = EntryFormat.Encode(header);
        var signatureBytes = new byte[SignedHeader.SignatureBytes];
        signatureBytes[0] = signature;
        return new(header, EntryId.Of(bytes), bytes, signatureBytes);
    }

    public static byte[] CompressedKey(ECDsa key) =>
        P256.Compress(key.ExportParameters(false).Q);
}
