using System.Runtime.InteropServices;
using System.Text;

namespace Gossip.Actors.Storage;

/// <summary>
/// Which file is this, and on which machine? A copy has another inode, device or machine.
/// </summary>
internal sealed record FileIdentity(string Device, string Inode, string Machine)
{
    private const string MachineFile = "/etc/machine-id";

    /// <summary>Unknown parts are empty and never differ.</summary>
    public static FileIdentity Of(string path)
    {
        var (device, inode) = OperatingSystem.IsLinux() ? Stat(path) : ("", "");
        return new(device, inode, ReadMachine());
    }

    /// <summary>What differs from what was recorded; null when nothing does.</summary>
    public string? DiffersFrom(FileIdentity recorded) =>
        Differs(Machine, recorded.Machine) ? "it was copied from another machine"
        : Differs(Device, recorded.Device) ? "it was copied from another device"
        : Differs(Inode, recorded.Inode) ? "it was copied from another place, or restored"
        : null;

    private static bool Differs(string now, string recorded) =>
        now.Length > 0 && recorded.Length > 0 && now != recorded;

    private static string ReadMachine()
    {
        try
        {
            return File.Exists(MachineFile) ? File.ReadAllText(MachineFile).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>
    /// statx, because its structure is the same on every architecture: the inode at byte 32, the
    /// device at 136 and 140.
    /// </summary>
    private static (string Device, string Inode) Stat(string path)
    {
        const int CurrentDirectory = -100;
        const uint InodeWanted = 0x100;
        var buffer = new byte[256];
        try
        {
            byte[] name = [.. Encoding.UTF8.GetBytes(path), 0];
            return Native.Statx(CurrentDirectory, name, 0, InodeWanted, buffer) != 0
                ? ("", "")
                : ($"{At32(136)}:{At32(140)}", $"{BitConverter.ToUInt64(buffer, 32)}");
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return ("", "");
        }

        uint At32(int offset) => BitConverter.ToUInt32(buffer, offset);
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "statx")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Statx(
            int directory, byte[] path, int flags, uint mask, byte[] buffer);
    }
}
