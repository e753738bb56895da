using System.Security.Cryptography;

namespace Gossip.Adversary.Tls;

/// <summary>
/// What does a client open with? The defaults are those of an honest TLS 1.3 client; each attack
/// changes one thing.
/// </summary>
internal sealed record ClientHello
{
    private const int ServerName = 0;
    private const int Groups = 10;
    private const int Schemes = 13;
    private const int SupportedVersions = 43;
    private const int KeyShares = 51;

    public int LegacyVersion { get; init; } = 0x0303;

    public byte[] Random { get; init; } = RandomNumberGenerator.GetBytes(32);

    public byte[] SessionId { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>TLS_AES_128_GCM_SHA256: the one that the client itself can speak.</summary>
    public int[] Suites { get; init; } = [0x1301];

    public byte[] Compressions { get; init; } = [0];

    /// <summary>Null leaves the extension out, as clients before TLS 1.3 do.</summary>
    public int[]? Versions { get; init; } = [0x0304];

    public int[] GroupIds { get; init; } = [TlsKeys.P256Group];

    public (int Group, byte[] Key)[] Shares { get; init; } = [];

    public int[] SchemeIds { get; init; } = [Scheme.P256, Scheme.P384, Scheme.P521, Scheme.Pss];

    public byte[] Name { get; init; } = "gossip"u8.ToArray();

    public (int Type, byte[] Body)[] More { get; init; } = [];

    public byte[] Encode() => Spell.Message(
        1,
        Spell.U16(LegacyVersion),
        Random,
        Spell.Vector(1, SessionId),
        Spell.Vector(2, [.. Suites.Select(Spell.U16)]),
        Spell.Vector(1, Compressions),
        Spell.Vector(2, [.. Extensions().Select(e => Spell.Join(
            Spell.U16(e.Type), Spell.Vector(2, e.Body)))]));

    private IEnumerable<(int Type, byte[] Body)> Extensions()
    {
        if (Name.Length > 0)
        {
            yield return (ServerName, Spell.Vector(2, [0], Spell.Vector(2, Name)));
        }

        yield return (Groups, Spell.Vector(2, [.. GroupIds.Select(Spell.U16)]));
        yield return (Schemes, Spell.Vector(2, [.. SchemeIds.Select(Spell.U16)]));
        if (Versions is not null)
        {
            yield return (SupportedVersions, Spell.Vector(1, [.. Versions.Select(Spell.U16)]));
            yield return (KeyShares, Spell.Vector(2, [.. Shares.Select(s =>
                Spell.Join(Spell.U16(s.Group), Spell.Vector(2, s.Key)))]));
        }

        foreach (var extension in More)
        {
            yield return extension;
        }
    }
}
