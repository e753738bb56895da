using System.Security.Cryptography;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Tests.Runtime;

/// <summary>A key that is encrypted where it lies.</summary>
public sealed class PassphraseTests : IDisposable
{
    private static readonly Passphrase Right = new("correct horse battery");
    private static readonly Passphrase Wrong = new("correct horse batterx");

    private readonly string _folder =
        Directory.CreateTempSubdirectory("gossip-passphrase-tests-").FullName;

    private string KeyPath => Path.Combine(_folder, KeyFile.Name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_key_made_with_a_passphrase_opens_with_it_alone()
    {
        Did did;
        using (var made = KeyFile.LoadOrCreate(_folder, Right))
        {
            did = made.Self;
        }

        var text = File.ReadAllText(KeyPath);
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", text, StringComparison.Ordinal);
        using (var again = KeyFile.LoadOrCreate(_folder, Right))
        {
            Assert.Equal(did, again.Self);
        }

        AssertRefused("key-locked", () => KeyFile.LoadOrCreate(_folder));
        AssertRefused("key-passphrase-wrong", () => KeyFile.LoadOrCreate(_folder, Wrong));
        Assert.Equal(text, File.ReadAllText(KeyPath));
    }

    [Fact]
    public void A_key_is_encrypted_and_decrypted_as_a_whole()
    {
        Did did;
        using (var made = KeyFile.LoadOrCreate(_folder))
        {
            did = made.Self;
        }

        AssertRefused("key-plain", () => KeyFile.LoadOrCreate(_folder, Right));
        KeyFile.Rewrite(_folder, null, Right).Dispose();
        AssertRefused("key-locked", () => KeyFile.Rewrite(_folder, null, Right));
        AssertRefused("key-passphrase-wrong", () => KeyFile.Rewrite(_folder, Wrong, null));
        using (var opened = KeyFile.Rewrite(_folder, Right, null))
        {
            Assert.Equal(did, opened.Self);
        }

        using var plain = KeyFile.LoadOrCreate(_folder);
        Assert.Equal(did, plain.Self);
        Assert.Equal([KeyPath], Directory.GetFileSystemEntries(_folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        }
    }

    /// <summary>What a guess costs is written in the file itself, by the standard.</summary>
    [Fact]
    public void A_guess_costs_six_hundred_thousand_rounds()
    {
        KeyFile.LoadOrCreate(_folder, Right).Dispose();
        var pem = File.ReadAllText(KeyPath);
        var der = Convert.FromBase64String(string.Concat(
            pem.Split('\n').Where(line => line.Length > 0 && line[0] != '-')));
        Assert.True(der.AsSpan().IndexOf(
            (ReadOnlySpan<byte>)[0x02, 0x03, 0x09, 0x27, 0xc0]) > 0, "600,000 as an INTEGER");
        using var other = ECDsa.Create();
        other.ImportFromEncryptedPem(pem, "correct horse battery");
        Assert.Equal(256, other.KeySize);
    }

    [Fact]
    public void A_damaged_key_opens_for_nobody()
    {
        KeyFile.LoadOrCreate(_folder, Right).Dispose();
        var text = File.ReadAllText(KeyPath);
        File.WriteAllText(KeyPath, text[..150] + (text[150] == 'A' ? 'B' : 'A') + text[151..]);
        AssertRefused("key-passphrase-wrong", () => KeyFile.LoadOrCreate(_folder, Right));
    }

    [Theory]
    [InlineData("correct horse battery", null)]
    [InlineData("correct horse battery\r\nand more", null)]
    [InlineData("", "passphrase-invalid")]
    [InlineData("\ncorrect horse battery", "passphrase-invalid")]
    [InlineData("too short..", "passphrase-invalid")]
    [InlineData(null, "passphrase-unreadable")]
    public void A_passphrase_is_the_first_line_of_a_file(string? text, string? refused)
    {
        var path = Path.Combine(_folder, "passphrase");
        if (text is not null)
        {
            PrivateFile.Write(path, text, replaces: false);
        }

        if (refused is not null)
        {
            AssertRefused(refused, () => Passphrase.FromFile(path));
            return;
        }

        KeyFile.LoadOrCreate(_folder, Passphrase.FromFile(path)).Dispose();
        KeyFile.LoadOrCreate(_folder, Right).Dispose();
        Assert.DoesNotContain("horse", $"{Right} {new GossipParts { KeyPassphrase = Right }}",
            StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            AssertRefused("passphrase-exposed", () => Passphrase.FromFile(path));
        }
    }

    private static void AssertRefused(string code, Func<object> act) =>
        Assert.Equal(code, Assert.Throws<GossipException>(act).Code);
}
