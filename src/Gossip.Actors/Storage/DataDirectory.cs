namespace Gossip.Actors.Storage;

/// <summary>
/// Does this process own this data directory? Two nodes in one directory would write two histories
/// of one log, so a lock file is held while this object lives; the system frees it after a crash.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    public const string LockFile = "node.lock";
    private const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>
    /// Creates the directory for its owner alone when it is missing, and locks it.
    /// </summary>
    /// <exception cref="GossipException">directory-in-use, directory-unusable.</exception>
    public static DataDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            Create(path);
            return new(path, new FileStream(
                System.IO.Path.Combine(path, LockFile),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None));
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            throw new GossipException(
                "directory-in-use",
                $"Another node is running in '{path}' and holds {LockFile}. Stop it, or give this "
                + "node a data directory of its own.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GossipException(
                "directory-unusable",
                $"The data directory '{path}' cannot be created or written: {e.Message} Check its "
                + "owner, its permissions and that its disk is mounted for writing.",
                e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    /// <summary>EWOULDBLOCK of Linux, of macOS, and Windows' sharing violation.</summary>
    private static bool IsHeldByAnother(IOException e) =>
        e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
