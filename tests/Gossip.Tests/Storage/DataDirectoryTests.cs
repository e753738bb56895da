using Gossip.Actors;
using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_is_created_for_its_owner_alone()
    {
        using var made = DataDirectory.Open(_directory.File("a/b"));
        Assert.Equal(_directory.File("a/b"), made.Path);
        Assert.True(File.Exists(_directory.File("a/b/node.lock")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(made.Path));
        }
    }

    [Fact]
    public void A_second_opener_is_told_which_directory_is_in_use()
    {
        using (DataDirectory.Open(_directory.Path))
        {
            var refusal = Assert.Throws<GossipException>(
                () => DataDirectory.Open(_directory.Path));
            Assert.Equal("directory-in-use", refusal.Code);
            Assert.Contains(_directory.Path, refusal.Message, StringComparison.Ordinal);
        }

        DataDirectory.Open(_directory.Path).Dispose();
    }

    [Theory]
    [InlineData("/proc/self/gossip")]
    [InlineData("/dev/null/gossip")]
    public void A_place_where_nothing_can_be_written_is_named(string path)
    {
        var refusal = Assert.Throws<GossipException>(() => DataDirectory.Open(path));
        Assert.Equal("directory-unusable", refusal.Code);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }
}
