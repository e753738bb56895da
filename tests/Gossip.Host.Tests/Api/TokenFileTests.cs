using Gossip.Host.Api;
using Gossip.Host.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Host.Tests.Api;

public sealed class TokenFileTests : IDisposable
{
    private readonly string _folder =
        Directory.CreateTempSubdirectory("gossip-token-tests-").FullName;

    private string FilePath => Path.Combine(_folder, "api.tokens");

    private TokenFile Tokens => new(FilePath);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_file_holds_hashes_and_is_for_its_owner()
    {
        var text = AccessToken.Draw();
        Tokens.Add(new("one", Scope.Read, AccessToken.HashOf(text)));
        Tokens.Add(new("two", Scope.Publish | Scope.Admin, AccessToken.HashOf("b")));

        Assert.Equal(["one read", "two publish,admin"],
            Tokens.Read().Select(token => $"{token.Name} {Scopes.Show(token.Scopes)}"));
        Assert.DoesNotContain(text, File.ReadAllText(FilePath), StringComparison.Ordinal);
        Assert.Equal(71, text.Length);
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        }

        Assert.True(Tokens.Remove("one"));
        Assert.False(Tokens.Remove("one"));
        Assert.Equal(["two"], Tokens.Read().Select(token => token.Name));
    }

    [Theory]
    [InlineData("one read 00")]
    [InlineData("one read")]
    [InlineData("one write 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("o/e read 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("one read 000000000000000000000000000000000000000000000000000000000000000g")]
    [InlineData("one read 0000000000000000000000000000000000000000000000000000000000000000 x")]
    [InlineData("a read 0000000000000000000000000000000000000000000000000000000000000000\n"
        + "a admin 1111111111111111111111111111111111111111111111111111111111111111")]
    public void A_line_that_is_none_makes_the_file_unusable(string lines)
    {
        Tokens.Add(new("ok", Scope.Read, AccessToken.HashOf("a")));
        File.AppendAllText(FilePath, $"\n# a comment\n{lines}\n");
        var refusal = Assert.Throws<CommandException>(() => Tokens.Read());
        Assert.Equal("tokens-unusable", refusal.Code);
        Assert.Contains("line ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_revoked_or_exposed_opens_nothing_within_a_second()
    {
        var (first, second) = (AccessToken.Draw(), AccessToken.Draw());
        Tokens.Add(new("one", Scope.Read, AccessToken.HashOf(first)));
        Tokens.Add(new("two", Scope.Read, AccessToken.HashOf(second)));
        var time = new SteppedTime();
        var book = new TokenBook(Tokens, time, NullLogger.Instance);
        Assert.Equal("one", book.Find(first)?.Name);

        Tokens.Remove("one");
        time.Step(TimeSpan.FromMilliseconds(999));
        Assert.Equal("one", book.Find(first)?.Name);
        time.Step(TimeSpan.FromMilliseconds(1));
        Assert.Null(book.Find(first));
        Assert.Equal("two", book.Find(second)?.Name);

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            time.Step(TimeSpan.FromSeconds(1));
            Assert.Null(book.Find(second));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("gossip_")]
    [InlineData("one")]
    public void What_is_no_token_opens_nothing(string given)
    {
        Tokens.Add(new("one", Scope.Read, AccessToken.HashOf(AccessToken.Draw())));
        var book = new TokenBook(Tokens, TimeProvider.System, NullLogger.Instance);
        Assert.Null(book.Find(given));
        Assert.Null(book.Find(File.ReadAllText(FilePath).Split(' ')[^1].Trim()));
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }
}
