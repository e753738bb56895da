using System.Runtime.InteropServices;
using System.Text;

namespace Gossip.Actors.Storage;

/// <summary>
/// Which file is this, and on which machine? A copy has another inode, device or machine; an inode
/// that was freed and given again has another birth.
/// </summary>
internal sealed record FileIdentity(string Device, string Inode, string Machine)
{
    private const string MachineFile = "/etc/machine-id";

    /// <summary>Unknown parts are empty and never differ.</summary>
    public static FileIdentity Of(string path)
    {
        var (device, inode, _) = Stat(path);
        return new(device, inode, ReadMachine());
    }

    /// <summary>
    /// When the file's content or anything about it changed last. Only the system sets this: who
    /// puts an old content back cannot put it back. Empty when unknown.
    /// </summary>
    public static string ChangeOf(string path) => Stat(path).Change;

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
    /// statx, because its structure is the same on every architecture: what is known at byte 0, the
    /// inode at 32, birth at 80, change at 96, the device at 136 and 140.
    /// </summary>
    private static (string Device, string Inode, string Change) Stat(string path)
    {
        const int CurrentDirectory = -100;
        const uint ChangeWanted = 0x80;
        const uint InodeWanted = 0x100;
        const uint BirthWanted = 0x800;
        var buffer = new byte[256];
        if (!OperatingSystem.IsLinux())
        {
            return ("", "", "");
        }

        try
        {
            byte[] name = [.. Encoding.UTF8.GetBytes(path), 0];
            const uint Wanted = ChangeWanted | InodeWanted | BirthWanted;
            var born = "";
            if (Native.Statx(CurrentDirectory, name, 0, Wanted, buffer) != 0)
            {
                return ("", "", "");
            }

            if ((At32(0) & BirthWanted) != 0)
            {
                born = $"@{Time(80)}";
            }

            return ($"{At32(136)}:{At32(140)}", $"{At64(32)}{born}", Time(96));
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return ("", "", "");
        }

        string Time(int offset) => $"{At64(offset)}.{At32(offset + 8):d9}";

        ulong At64(int offset) => BitConverter.ToUInt64(buffer, offset);

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
