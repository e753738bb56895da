using Gossip.Actors.Runtime;

namespace Gossip.Tests.Runtime;

public sealed class PrivateFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder =
        Directory.CreateTempSubdirectory("gossip-private-tests-").FullName;

    private string FilePath => Path.Combine(_folder, "secret");

    public void Dispose()
    {
        SetMode(_folder, OwnerOnly | UnixFileMode.UserExecute);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_is_written_is_read_and_only_by_its_owner()
    {
        PrivateFile.Write(FilePath, "one", replaces: false);
        Assert.Throws<IOException>(() => PrivateFile.Write(FilePath, "two", replaces: false));
        Assert.Equal("one", PrivateFile.Read(FilePath, 3));
        PrivateFile.Write(FilePath, "three", replaces: true);

        Assert.Equal("three", PrivateFile.Read(FilePath, 100));
        Assert.Throws<IOException>(() => PrivateFile.Read(FilePath, 4));
        Assert.DoesNotContain(FilePath, Directory.GetFileSystemEntries(_folder).Except([FilePath]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(FilePath));
        }
    }

    [Fact]
    public void Any_right_of_others_is_one_too_many()
    {
        PrivateFile.Write(FilePath, "one", replaces: false);
        for (var bit = 1; bit < 64; bit <<= 1)
        {
            SetMode(FilePath, OwnerOnly | (UnixFileMode)bit);
            AssertExposed($"chmod 600 {FilePath}");
        }

        SetMode(FilePath, UnixFileMode.UserRead);
        Assert.Equal("one", PrivateFile.Read(FilePath, 100));
    }

    /// <summary>Who may write in the folder may put another file there; not so in /tmp.</summary>
    [Theory]
    [InlineData(UnixFileMode.GroupWrite, false)]
    [InlineData(UnixFileMode.OtherWrite, false)]
    [InlineData(UnixFileMode.OtherWrite | UnixFileMode.StickyBit, true)]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.OtherRead, true)]
    public void A_folder_that_others_may_change_is_no_place(UnixFileMode wider, bool isTaken)
    {
        PrivateFile.Write(FilePath, "one", replaces: false);
        SetMode(_folder, OwnerOnly | UnixFileMode.UserExecute | wider);
        if (isTaken)
        {
            Assert.Equal("one", PrivateFile.Read(FilePath, 100));
        }
        else
        {
            AssertExposed($"chmod go-w {_folder}");
        }
    }

    private void AssertExposed(string what)
    {
        if (!OperatingSystem.IsWindows())
        {
            var refusal = Assert.Throws<FileExposedException>(
                () => PrivateFile.Read(FilePath, 100));
            Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
        }
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
