using System.Numerics;
using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Tests.Hostile;

/// <summary>Writes entries as an author that follows no rule but its own signature.</summary>
internal sealed class Forge(EcKeys keys, ulong incarnation = 1)
{
    /// <summary>The order of P-256: (r, n − s) is a valid signature wherever (r, s) is.</summary>
    private static readonly BigInteger Order = BigInteger.Parse(
        "0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture);

    public LogId Log => new(keys.Self, incarnation, Admission.None);

    public Entry First(string text = "first") => Write(1, EntryId.None, text);

    public Entry Next(Entry before, string text = "next") =>
        Write(before.Header.Seq + 1, before.Id, text);

    /// <summary>A chain from slot 1.</summary>
    public Entry[] Chain(int length)
    {
        var chain = new List<Entry> { First() };
        while (chain.Count < length)
        {
            chain.Add(Next(chain[^1], $"entry {chain.Count + 1}"));
        }

        return [.. chain];
    }

    public Entry Write(
        long seq, EntryId prev, string text, Func<Header, Header>? with = null) =>
        Write(seq, prev, EntryFormat.EncodePayloads([new(Encoding.UTF8.GetBytes(text))]), with);

    public Entry Write(
        long seq, EntryId prev, byte[] payloadList, Func<Header, Header>? with = null)
    {
        var header = new Header
        {
            Network = "test",
            Topic = HostilePeer.Topic,
            Log = Log,
            Seq = seq,
            Prev = prev,
            Clock = [],
            Time = 1_700_000_000_000 + Math.Min(seq, 1_000_000),
            PayloadCount = 1,
            PayloadBytes = payloadList.Length,
            PayloadHash = Hash.OfBytes(payloadList),
        };
        return new(Sign(with is null ? header : with(header)), payloadList);
    }

    public SignedHeader Sign(Header header)
    {
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        return new(header, id, bytes, keys.Sign(id));
    }

    /// <summary>This header with the signature of another: what a relay could make up.</summary>
    public static Entry Alter(Entry entry, Func<Header, Header> with)
    {
        var header = with(entry.Header);
        var bytes = EntryFormat.Encode(header);
        return entry with
        {
            SignedHeader = new(header, EntryId.Of(bytes), bytes, entry.SignedHeader.Signature),
        };
    }

    public static Entry Resign(Entry entry, byte[] signature) =>
        entry with { SignedHeader = entry.SignedHeader with { Signature = signature } };

    /// <summary>The other spelling of the same signature.</summary>
    public static Entry Respell(Entry entry)
    {
        var signature = entry.SignedHeader.Signature.ToArray();
        var s = Order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        var bytes = s.ToByteArray(isUnsigned: true, isBigEndian: true);
        Array.Clear(signature, 32, 32);
        bytes.CopyTo(signature, 64 - bytes.Length);
        return Resign(entry, signature);
    }
}
