using System.Security.Cryptography;
using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Akka.Remoting;

/// <summary>
/// Which keys seal a line? Each end makes half of a secret for this line alone (ephemeral ECDH on
/// P-256), and the DIDs sign both halves.
/// </summary>
/// <remarks>
/// TLS ends at the actor system, not at the line: with self-signed certificates somebody in the
/// middle could pass an honest handshake on and then speak for either side, and any member of the
/// cluster may write any sender on its envelopes. Neither has these keys.
/// </remarks>
internal sealed class LineSecret : IDisposable
{
    /// <summary>An uncompressed point: 4, x, y.</summary>
    public const int ShareBytes = 65;

    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    public LineSecret()
    {
        var q = _key.ExportParameters(includePrivateParameters: false).Q;
        Share = [4, .. q.X!, .. q.Y!];
    }

    public byte[] Share { get; }

    /// <summary>
    /// Two keys, one for each direction; null when the other share is no point of the curve.
    /// </summary>
    public (byte[] FromDialler, byte[] FromDoor)? Agree(byte[] share, Hash transcript)
    {
        if (share is not [4, ..] || share.Length != ShareBytes)
        {
            return null;
        }

        try
        {
            using var other = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new() { X = share[1..33], Y = share[33..] },
            });
            using var open = other.PublicKey;
            var secret = _key.DeriveRawSecretAgreement(open);
            return (Derive(secret, "dialler"), Derive(secret, "door"));
        }
        catch (CryptographicException)
        {
            return null;
        }

        byte[] Derive(byte[] secret, string from) => HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            secret,
            LineCipher.KeyBytes,
            transcript.ToArray(),
            Encoding.UTF8.GetBytes("gossip/akka-line-key/1 " + from));
    }

    public void Dispose() => _key.Dispose();
}
