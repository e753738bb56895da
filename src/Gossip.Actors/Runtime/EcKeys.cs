using System.Security.Cryptography;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>Real keys: can this node sign, and is a signature its author's? ECDSA P-256.</summary>
/// <remarks>
/// The BCL does not say that its key objects may be shared between threads, so each is used under
/// its own lock: authors do not wait for each other.
/// </remarks>
public sealed class EcKeys : IKeys, IDisposable
{
    /// <summary>
    /// Half of the authors whose keys are kept ready (about 1 KiB each): making one ready takes
    /// five times as long as the verification itself.
    /// </summary>
    private const int GenerationMax = 2048;

    private const string P256Oid = "1.2.840.10045.3.1.7";

    private readonly ECDsa _key;
    private readonly int _generationMax;
    private readonly Lock _signing = new();
    private readonly Lock _caching = new();
    private Dictionary<Did, AuthorKey> _young = [];
    private Dictionary<Did, AuthorKey> _old = [];

    /// <summary>Takes the key over.</summary>
    /// <exception cref="GossipException">key-invalid: not a P-256 private key.</exception>
    public EcKeys(ECDsa key)
        : this(key, GenerationMax)
    {
    }

    internal EcKeys(ECDsa key, int generationMax)
    {
        _generationMax = generationMax;
        var open = Open(key);
        Self = Did.FromKey(P256.Compress(open.Q));
        _key = key;
    }

    public Did Self { get; }

    internal int AuthorsReady => _young.Count + _old.Count;

    public static EcKeys Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public byte[] Sign(EntryId id)
    {
        using var _ = Stages.Measure(Stage.Sign);
        var digest = Digest(id);
        lock (_signing)
        {
            return _key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    public bool Verify(Did author, EntryId id, ReadOnlySpan<byte> signature)
    {
        using var _ = Stages.Measure(Stage.Verify);
        return signature.Length == SignedHeader.SignatureBytes
            && Find(author) is { } key
            && key.Verify(Digest(id), signature);
    }

    public void Dispose() => _key.Dispose();

    /// <summary>The same key in an object of its own, for the transport's certificate.</summary>
    internal ECDsa CopyKey() => ECDsa.Create(_key.ExportParameters(true));

    internal string ToPem(Passphrase? passphrase) => KeyPem.Write(_key, passphrase);

    /// <summary>Only a private key lets itself be exported as one.</summary>
    private static ECParameters Open(ECDsa key)
    {
        try
        {
            var open = key.ExportParameters(includePrivateParameters: true);
            return open.Curve.IsNamed && open.Curve.Oid.Value == P256Oid
                ? open
                : throw new CryptographicException("It is on another curve.");
        }
        catch (CryptographicException e)
        {
            throw new GossipException(
                "key-invalid", $"A node's key is a P-256 private key: {e.Message}", e);
        }
    }

    private static byte[] Digest(EntryId id)
    {
        Span<byte> bytes = stackalloc byte[Hash.Bytes];
        id.Hash.Write(bytes);
        return Hash.Of("gossip/signature/1", bytes).ToArray();
    }

    /// <summary>
    /// Null when the author's key is no point of the curve: nothing it signed is valid.
    /// </summary>
    private AuthorKey? Find(Did author)
    {
        lock (_caching)
        {
            if (_young.TryGetValue(author, out var known))
            {
                return known;
            }

            if (_old.TryGetValue(author, out known))
            {
                Keep(author, known);
                return known;
            }
        }

        if (AuthorKey.Of(author) is not { } made)
        {
            return null;
        }

        lock (_caching)
        {
            Keep(author, made);
        }

        return made;
    }

    /// <summary>
    /// Two generations: whoever was not asked for while one filled up is forgotten.
    /// </summary>
    private void Keep(Did author, AuthorKey key)
    {
        if (_young.Count == _generationMax)
        {
            (_old, _young) = (_young, []);
        }

        _young[author] = key;
    }

    /// <summary>
    /// Not disposed when forgotten, since a verification may still run: the GC does it.
    /// </summary>
    private sealed class AuthorKey(ECDsa key)
    {
        private readonly Lock _verifying = new();

        public static AuthorKey? Of(Did author) =>
            P256.TryDecompress(author.Key, out var point)
                ? new(ECDsa.Create(
                    new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }))
                : null;

        public bool Verify(byte[] digest, ReadOnlySpan<byte> signature)
        {
            lock (_verifying)
            {
                return key.VerifyHash(
                    digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }
        }
    }
}
