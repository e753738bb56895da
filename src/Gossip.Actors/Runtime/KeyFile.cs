namespace Gossip.Actors.Runtime;

/// <summary>
/// Where does a node's key live? In <c>node.key</c> (PKCS#8 PEM), for its owner's eyes only; with a
/// passphrase it is encrypted too.
/// </summary>
public static class KeyFile
{
    public const string Name = "node.key";

    /// <summary>
    /// A PEM of P-256 has about 250 bytes, an encrypted one 400; more is not read.
    /// </summary>
    private const int BytesMax = 16 * 1024;

    /// <summary>The key in this directory; makes both when they do not exist.</summary>
    /// <exception cref="GossipException">
    /// key-unreadable, key-exposed, key-invalid, key-unwritable: with what to do.
    /// </exception>
    public static EcKeys LoadOrCreate(string directory) => LoadOrCreate(directory, null);

    /// <summary>As above; a passphrase opens the key, or encrypts the one that is made.</summary>
    /// <exception cref="GossipException">
    /// As above, and key-locked, key-plain, key-passphrase-wrong.
    /// </exception>
    public static EcKeys LoadOrCreate(string directory, Passphrase? passphrase) =>
        LoadOrCreate(directory, Name, passphrase);

    internal static EcKeys LoadOrCreate(string directory, string name, Passphrase? passphrase)
    {
        var path = Path.Combine(directory, name);
        if (File.Exists(path))
        {
            return Load(path, passphrase);
        }

        var keys = EcKeys.Generate();
        try
        {
            Save(path, keys, passphrase, replaces: false);
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes the key of this directory anew, as a whole: opened by one passphrase (null: it is
    /// plain), closed by another (null: plain again).
    /// </summary>
    /// <exception cref="GossipException">key-…: nothing has changed.</exception>
    public static EcKeys Rewrite(string directory, Passphrase? from, Passphrase? to)
    {
        var path = Path.Combine(directory, Name);
        var keys = Load(path, from);
        try
        {
            Save(path, keys, to, replaces: true);
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    private static EcKeys Load(string path, Passphrase? passphrase)
    {
        try
        {
            return KeyPem.Read(path, PrivateFile.Read(path, BytesMax), passphrase);
        }
        catch (FileExposedException e)
        {
            throw new GossipException(
                "key-exposed",
                $"{e.Message} If someone may have read the key, delete it: the node gets a new "
                + "identity.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GossipException(
                "key-unreadable",
                $"{path} cannot be read: {e.Message} Give this user the right to read it.",
                e);
        }
    }

    /// <summary>What is written is read once, before it takes the place of anything.</summary>
    private static void Save(string path, EcKeys keys, Passphrase? passphrase, bool replaces)
    {
        var pem = keys.ToPem(passphrase);
        using var again = KeyPem.Read(path, pem, passphrase);
        try
        {
            PrivateFile.Write(path, pem, replaces);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GossipException(
                "key-unwritable",
                $"{path} cannot be written: {e.Message} Give this user the right to write in "
                + $"{Path.GetDirectoryName(path)}, or choose another data directory.",
                e);
        }
    }
}
