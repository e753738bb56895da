using System.Runtime.InteropServices;
using System.Text;

namespace Gossip.Actors.Runtime;

/// <summary>Others than its owner could read, change or replace a file.</summary>
public sealed class FileExposedException(string message) : IOException(message);

/// <summary>
/// How are secrets kept in files? For their owner's eyes only (0600): a wider file is not read, and
/// nor is one in a folder where others could put another in its place.
/// </summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>
    /// UTF-8. The open file is asked for its rights: no other can slip in between.
    /// </summary>
    /// <exception cref="FileExposedException">With what to do.</exception>
    /// <exception cref="IOException">It cannot be read, or is larger.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static string Read(string path, int bytesMax)
    {
        using var file = File.OpenHandle(path);
        if (!OperatingSystem.IsWindows())
        {
            RefuseExposed(path, File.GetUnixFileMode(file));
        }

        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        var bytes = new byte[bytesMax + 1];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read <= bytesMax
            ? Encoding.UTF8.GetString(bytes, 0, read)
            : throw new IOException($"{path} has more than {bytesMax} bytes.");
    }

    /// <summary>
    /// Written aside and renamed: a crash leaves the old file or the new one, whole. WriteThrough,
    /// since a flush reports success on Linux although the disk refused it.
    /// </summary>
    /// <exception cref="IOException">It cannot be written, or is there and must not be.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void Write(string path, string text, bool replaces)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        CreateFolder(folder);
        var aside = path + ".new";
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
            file.Write(Encoding.UTF8.GetBytes(text));
        }

        File.Move(aside, path, replaces);
        Flush(folder);
    }

    private static void RefuseExposed(string path, UnixFileMode file)
    {
        if ((file & Others) != 0)
        {
            throw new FileExposedException(
                $"{path} can be used by others than its owner. Run: chmod 600 {path}.");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(folder);

        // With the sticky bit, as /tmp has it, only a file's owner can replace it.
        if ((mode & OthersWrite) != 0 && (mode & UnixFileMode.StickyBit) == 0)
        {
            throw new FileExposedException(
                $"Others could put a file of theirs in the place of {path}. "
                + $"Run: chmod go-w {folder}.");
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>A rename is only on the disk when its folder is.</summary>
    private static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var open = Native.Open([.. Encoding.UTF8.GetBytes(folder), 0], 0);
        if (open < 0)
        {
            throw new IOException($"{folder} cannot be opened (errno {Errno()}).");
        }

        try
        {
            // EINVAL: a file system that has nothing to flush there.
            const int Einval = 22;
            if (Native.Fsync(open) != 0 && Errno() is var errno && errno != Einval)
            {
                throw new IOException($"{folder} cannot be flushed (errno {errno}).");
            }
        }
        finally
        {
            _ = Native.Close(open);
        }
    }

    private static int Errno() => Marshal.GetLastPInvokeError();

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Fsync(int file);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int file);
    }
}
