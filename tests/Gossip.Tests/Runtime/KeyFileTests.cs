using System.Security.Cryptography;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Tests.Runtime;

public sealed class KeyFileTests : IDisposable
{
    private readonly string _directory = Path.Combine(
        Path.GetTempPath(), $"gossip-key-{RandomNumberGenerator.GetHexString(16)}");

    private string KeyPath => Path.Combine(_directory, KeyFile.Name);

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    [Row("D1")]
    public void A_node_has_the_same_name_after_a_restart()
    {
        using var first = KeyFile.LoadOrCreate(_directory);
        using var second = KeyFile.LoadOrCreate(_directory);

        Assert.Equal(first.Self, second.Self);
        Assert.Equal(first.Self, Did.Parse(second.Self.ToString()));
        var id = new EntryId(Hash.OfBytes([1]));
        Assert.True(first.Verify(second.Self, id, second.Sign(id)));
    }

    [Fact]
    public void Only_its_owner_may_read_it_and_nothing_else_is_left_behind()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        KeyFile.LoadOrCreate(_directory).Dispose();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        Assert.Equal([KeyPath], Directory.GetFileSystemEntries(_directory));
        Assert.StartsWith(
            "-----BEGIN PRIVATE KEY-----", File.ReadAllText(KeyPath), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_crash_left_aside_is_no_obstacle()
    {
        Directory.CreateDirectory(_directory);
        File.WriteAllText(KeyPath + ".new", "half a k");

        KeyFile.LoadOrCreate(_directory).Dispose();

        Assert.Equal([KeyPath], Directory.GetFileSystemEntries(_directory));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void A_key_that_others_may_use_is_refused(UnixFileMode wider)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        KeyFile.LoadOrCreate(_directory).Dispose();
        File.SetUnixFileMode(KeyPath, File.GetUnixFileMode(KeyPath) | wider);

        var refusal = Assert.Throws<GossipException>(() => KeyFile.LoadOrCreate(_directory));

        Assert.Equal("key-exposed", refusal.Code);
        Assert.Contains($"chmod 600 {KeyPath}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_P256_private_key_is_refused_and_left_alone()
    {
        KeyFile.LoadOrCreate(_directory).Dispose();
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var content in (string[])
        [
            "",
            "not a key",
            p384.ExportPkcs8PrivateKeyPem(),
            rsa.ExportPkcs8PrivateKeyPem(),
            p256.ExportSubjectPublicKeyInfoPem(),
            p256.ExportPkcs8PrivateKeyPem()[..100],
            OfUnknownCurve(p256),
        ])
        {
            File.WriteAllText(KeyPath, content);

            var refusal = Assert.Throws<GossipException>(() => KeyFile.LoadOrCreate(_directory));

            Assert.Equal("key-invalid", refusal.Code);
            Assert.Contains(KeyPath, refusal.Message, StringComparison.Ordinal);
            Assert.Equal(content, File.ReadAllText(KeyPath));
        }
    }

    /// <summary>The platform says so in words of its own.</summary>
    private static string OfUnknownCurve(ECDsa key)
    {
        var bytes = key.ExportSubjectPublicKeyInfo();
        var oid = bytes.AsSpan().IndexOf((byte[])[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03]);
        bytes[oid + 4] ^= 1;
        return PemEncoding.WriteString("PUBLIC KEY", bytes);
    }

    [Fact]
    public void Where_no_key_can_be_written_is_said()
    {
        File.WriteAllText(_directory, "a file where the directory should be");
        try
        {
            var refusal = Assert.Throws<GossipException>(() => KeyFile.LoadOrCreate(_directory));

            Assert.Equal("key-unwritable", refusal.Code);
        }
        finally
        {
            File.Delete(_directory);
        }
    }
}
