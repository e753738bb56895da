using Gossip.Actors.Protocol;

namespace Gossip.Akka.Remoting;

/// <summary>
/// What do two ends say until a line is open? Every field has one length, so that each message has
/// one shape: <see cref="ControlSerializer"/> takes nothing that has another.
/// </summary>
internal abstract class LineMessage
{
    public const int NonceBytes = 32;
    public const int SignatureBytes = 64;

    private protected LineMessage()
    {
    }
}

/// <summary>The dialler, to the door: who I claim to be, and what I bring for this line.</summary>
internal sealed class Knock(byte[] key, byte[] nonce, byte[] share, int window) : LineMessage
{
    /// <summary>The DID's key.</summary>
    public byte[] Key { get; } = key;

    public byte[] Nonce { get; } = nonce;

    /// <summary>One half of this line's secret, made for it alone.</summary>
    public byte[] Share { get; } = share;

    /// <summary>Bytes that the other end may send before it gets credit back.</summary>
    public int Window { get; } = window;

    public static Knock Blank(byte fill) => new(
        Fill(Did.KeyBytes, fill), Fill(NonceBytes, fill), Fill(LineSecret.ShareBytes, fill),
        fill == 0 ? 0 : -1);

    internal static byte[] Fill(int count, byte fill)
    {
        var bytes = new byte[count];
        bytes.AsSpan().Fill(fill);
        return bytes;
    }
}

/// <summary>The door's line, to the dialler: the same of me, and my signature over both.</summary>
internal sealed class Welcome(Knock offer, byte[] signature) : LineMessage
{
    public byte[] Key { get; } = offer.Key;

    public byte[] Nonce { get; } = offer.Nonce;

    public byte[] Share { get; } = offer.Share;

    public int Window { get; } = offer.Window;

    public byte[] Signature { get; } = signature;

    public Knock Offer => new(Key, Nonce, Share, Window);

    public static Welcome Blank(byte fill) =>
        new(Knock.Blank(fill), Knock.Fill(SignatureBytes, fill));
}

/// <summary>The dialler, to the door's line: my signature over both; frames follow.</summary>
internal sealed class Proof(byte[] signature) : LineMessage
{
    public byte[] Signature { get; } = signature;

    public static Proof Blank(byte fill) => new(Knock.Fill(SignatureBytes, fill));
}

/// <summary>Either end: this line will not open, and why.</summary>
internal sealed class Refused(int why) : LineMessage
{
    /// <summary>A <see cref="LineRefusal"/>.</summary>
    public int Why { get; } = why;

    public static Refused Blank(byte fill) => new(fill == 0 ? 0 : -1);
}
