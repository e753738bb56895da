using System.Security.Cryptography;
using System.Text;

namespace Gossip.Host.Api;

/// <summary>
/// A token as a node knows it: its name, what it may do, and its hash. The token itself, 256 random
/// bits, is only known to whoever was given it.
/// </summary>
internal sealed record AccessToken(string Name, Scope Scopes, byte[] Hash)
{
    /// <summary>Begins every token, so that one is found where it must not be.</summary>
    public const string Prefix = "gossip_";

    public const int NameCharactersMax = 64;

    private const int RandomBytes = 32;

    public static string Draw() =>
        Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public static bool IsName(string name) => name.Length is >= 1 and <= NameCharactersMax
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary><c>name scope[,scope] sha256-in-hex</c>; null when the line is not that.</summary>
    public static AccessToken? Parse(string line)
    {
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words is [var name, var scopes, { Length: 2 * SHA256.HashSizeInBytes } hex]
            && IsName(name)
            && hex.All(char.IsAsciiHexDigit)
            && Api.Scopes.Parse(scopes) is { } parsed
                ? new(name, parsed, Convert.FromHexString(hex))
                : null;
    }

    public override string ToString() =>
        $"{Name} {Api.Scopes.Show(Scopes)} {Convert.ToHexStringLower(Hash)}";
}
