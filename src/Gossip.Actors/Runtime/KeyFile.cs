using System.Security.Cryptography;
using System.Text;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Where does a node's key live? In <c>node.key</c> (PKCS#8 PEM), for its owner's eyes only.
/// </summary>
public static class KeyFile
{
    public const string Name = "node.key";

    /// <summary>A PEM of P-256 has about 250 bytes; more is not read.</summary>
    private const int BytesMax = 16 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The key in this directory; makes both when they do not exist.</summary>
    /// <exception cref="GossipException">
    /// key-unreadable, key-exposed, key-invalid, key-unwritable: with what to do.
    /// </exception>
    public static EcKeys LoadOrCreate(string directory) => LoadOrCreate(directory, Name);

    internal static EcKeys LoadOrCreate(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        return File.Exists(path) ? Load(path) : Create(directory, path);
    }

    private static EcKeys Load(string path)
    {
        string pem;
        try
        {
            using var file = File.OpenHandle(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            {
                throw new GossipException(
                    "key-exposed",
                    $"{path} can be used by others than its owner. Run: chmod 600 {path}. If "
                    + "someone may have read it, delete it: the node gets a new identity.");
            }

            var bytes = new byte[Math.Min(RandomAccess.GetLength(file), BytesMax)];
            pem = Encoding.ASCII.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GossipException(
                "key-unreadable",
                $"{path} cannot be read: {e.Message} Give this user the right to read it.",
                e);
        }

        return Parse(path, pem);
    }

    private static EcKeys Parse(string path, string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return new EcKeys(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException
            or GossipException)
        {
            key.Dispose();
            throw new GossipException(
                "key-invalid",
                $"{path} holds no P-256 private key in PEM (PKCS#8): {e.Message} Restore it from a "
                + "backup, or delete it: the node gets a new identity.",
                e);
        }
    }

    /// <summary>
    /// Written aside and renamed: a crash leaves a whole key or none. WriteThrough, since a flush
    /// reports success on Linux although the disk refused it.
    /// </summary>
    private static EcKeys Create(string directory, string path)
    {
        var keys = EcKeys.Generate();
        var aside = path + ".new";
        try
        {
            CreateDirectory(directory);
            File.Delete(aside);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.WriteThrough,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(aside, options))
            {
                file.Write(Encoding.ASCII.GetBytes(keys.ToPem()));
            }

            File.Move(aside, path);
            return keys;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            keys.Dispose();
            throw new GossipException(
                "key-unwritable",
                $"{path} cannot be written: {e.Message} Give this user the right to write in "
                + $"{directory}, or choose another data directory.",
                e);
        }
    }

    private static void CreateDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
