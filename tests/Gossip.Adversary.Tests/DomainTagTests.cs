using System.Text.RegularExpressions;
using Gossip.Tests;

namespace Gossip.Adversary.Tests;

/// <summary>
/// Can bytes that were hashed or signed for one purpose be passed off as another? Each purpose has
/// a tag of its own, and what has none is listed here with the reason.
/// </summary>
[Trait("Row", "D4")]
public sealed partial class DomainTagTests
{
    /// <summary>Files that hash without a tag, how often, and why that is no way in.</summary>
    private static readonly Dictionary<string, (int Times, string Why)> Untagged = new()
    {
        ["Protocol/Hash.cs"] = (2, "the two functions that all others call"),
        ["Protocol/Message.cs"] = (1, "a link's name of a topic, over two fresh nonces; compared "
            + "on one link only, never signed, never stored"),
        ["Protocol/Author.cs"] = (1, "the payloads' hash: a field of a header, whose id is tagged"),
        ["Protocol/Founding.cs"] = (1, "as in Author.cs"),
        ["Protocol/Handover.cs"] = (1, "as in Author.cs: of an end, which has none"),
        ["src/Gossip.Akka/Remoting/Door.cs"] = (1, "a host's name, as an address to count "
            + "connections by; never sent, never signed"),
        ["src/Gossip.Akka/Remoting/LineSecret.cs"] = (1, "the keys of one line, from its own two "
            + "shares and salted with what both ends signed"),
        ["src/Gossip.Host/Api/AccessToken.cs"] = (1, "of a secret token of the HTTP API, compared "
            + "with a local file only, never signed"),
        ["Protocol/EntryRules.cs"] = (2, "as in Author.cs; and of an end, which has none"),
    };

    private static IEnumerable<string> Sources => SourceTree.CSharp
        .Where(f => f.StartsWith("src/", StringComparison.Ordinal));

    [Fact]
    public void Each_tag_is_used_once_and_none_begins_another()
    {
        var tags = Sources.SelectMany(f => Tag().Matches(Code(f)))
            .Select(m => m.Groups[1].Value)
            .ToArray();
        Assert.True(tags.Length >= 7, string.Join(", ", tags));
        Assert.Equal(tags.Distinct(), tags);
        Assert.All(tags, tag => Assert.DoesNotContain(
            tags, other => other != tag && other.StartsWith(tag, StringComparison.Ordinal)));
    }

    [Fact]
    public void Whatever_hashes_has_a_tag_or_a_reason()
    {
        foreach (var file in Sources)
        {
            var text = Code(file);
            var name = file.Replace("src/Gossip.Actors/", "", StringComparison.Ordinal);
            var untagged = Hashing().Count(text) - Tag().Count(text);
            if (name == "Protocol/Hash.cs")
            {
                // Its two tags stand beside the functions that take them.
                untagged = Raw().Count(text);
            }

            Assert.True(
                untagged <= Untagged.GetValueOrDefault(name).Times,
                $"{file} hashes {untagged} times without a domain tag");
        }

        Assert.All(Untagged.Values, reason => Assert.NotEmpty(reason.Why));
    }

    /// <summary>One place makes what is signed, and one signs it.</summary>
    [Fact]
    public void Only_the_key_signs_and_only_a_tagged_digest()
    {
        var signing = Sources.Where(f => Signing().IsMatch(SourceTree.Read(f)));
        Assert.Equal(["src/Gossip.Actors/Runtime/EcKeys.cs"], signing);
        var text = SourceTree.Read("src/Gossip.Actors/Runtime/EcKeys.cs");
        Assert.Equal(1, Signing().Count(text));
        Assert.Contains("_key.SignHash(digest,", text);
        Assert.Contains("var digest = Digest(id);", text);
        Assert.Contains("Hash.Of(\"gossip/signature/1\", bytes)", text);
    }

    /// <summary>Without comments: they may name a tag again.</summary>
    private static string Code(string file) => string.Join('\n', SourceTree.Read(file).Split('\n')
        .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex("\"(gossip/[a-z-]+/[0-9]+)\"")]
    private static partial Regex Tag();

    [GeneratedRegex(@"Hash\.Of(Bytes)?\(|IncrementalHash\.Create|(SHA|MD)\d+\.HashData|HMAC|HKDF")]
    private static partial Regex Hashing();

    [GeneratedRegex(@"IncrementalHash\.Create|SHA256\.HashData")]
    private static partial Regex Raw();

    [GeneratedRegex(@"\.Sign(Hash|Data)\(")]
    private static partial Regex Signing();
}
