using System.Text.Json;
using System.Text.RegularExpressions;
using Gossip.Host.Api;
using Gossip.Host.Client;
using Gossip.Host.Commands;
using Gossip.Tests;

namespace Gossip.Host.Tests.Api;

/// <summary>Does every code of the library reach people as something they can act on?</summary>
public sealed partial class ErrorCodesTests
{
    [Theory]
    [Row("F8")]
    [InlineData("acks-timeout-invalid", 400, ExitCode.Usage)]
    [InlineData("actor-exists", 409, ExitCode.Refused)]
    [InlineData("actor-name", 400, ExitCode.Usage)]
    [InlineData("actor-nothing-to-skip", 409, ExitCode.Refused)]
    [InlineData("actor-not-parked", 409, ExitCode.Refused)]
    [InlineData("actor-unknown", 404, ExitCode.Refused)]
    [InlineData("address-unusable", 500, ExitCode.Refused)]
    [InlineData("attestation-note", 400, ExitCode.Usage)]
    [InlineData("attestation-of-self", 400, ExitCode.Usage)]
    [InlineData("attestation-unknown", 404, ExitCode.Refused)]
    [InlineData("attestation-weight", 400, ExitCode.Usage)]
    [InlineData("block-reason", 400, ExitCode.Usage)]
    [InlineData("directory-in-use", 500, ExitCode.Refused)]
    [InlineData("directory-unusable", 500, ExitCode.Refused)]
    [InlineData("entry-unknown", 404, ExitCode.Refused)]
    [InlineData("erase-refused", 409, ExitCode.Refused)]
    [InlineData("key-exposed", 500, ExitCode.Refused)]
    [InlineData("key-given", 409, ExitCode.Refused)]
    [InlineData("key-invalid", 500, ExitCode.Refused)]
    [InlineData("key-rotated", 503, ExitCode.Refused)]
    [InlineData("key-locked", 500, ExitCode.Refused)]
    [InlineData("key-passphrase-wrong", 500, ExitCode.Refused)]
    [InlineData("key-plain", 500, ExitCode.Refused)]
    [InlineData("key-unreadable", 500, ExitCode.Refused)]
    [InlineData("key-unwritable", 500, ExitCode.Refused)]
    [InlineData("not-started", 503, ExitCode.Refused)]
    [InlineData("options-invalid", 400, ExitCode.Usage)]
    [InlineData("passphrase-exposed", 500, ExitCode.Refused)]
    [InlineData("passphrase-invalid", 500, ExitCode.Refused)]
    [InlineData("passphrase-unreadable", 500, ExitCode.Refused)]
    [InlineData("payload-header-invalid", 400, ExitCode.Usage)]
    [InlineData("payload-too-large", 413, ExitCode.Refused)]
    [InlineData("payloads-none", 400, ExitCode.Usage)]
    [InlineData("payloads-too-many", 413, ExitCode.Refused)]
    [InlineData("peer-self", 409, ExitCode.Refused)]
    [InlineData("peer-unknown", 404, ExitCode.Refused)]
    [InlineData("position-ahead", 409, ExitCode.Refused)]
    [InlineData("stopped", 503, ExitCode.Refused)]
    [InlineData("store-closed", 503, ExitCode.Refused)]
    [InlineData("store-corrupt", 500, ExitCode.Refused)]
    [InlineData("store-full", 507, ExitCode.Refused)]
    [InlineData("store-io", 500, ExitCode.Refused)]
    [InlineData("store-locked", 503, ExitCode.Refused)]
    [InlineData("store-newer", 500, ExitCode.Refused)]
    [InlineData("store-read-only", 500, ExitCode.Refused)]
    [InlineData("store-superseded", 503, ExitCode.Refused)]
    [InlineData("subscription-name", 400, ExitCode.Usage)]
    [InlineData("topic-busy", 503, ExitCode.Refused)]
    [InlineData("topic-failed", 503, ExitCode.Refused)]
    [InlineData("topic-reserved", 400, ExitCode.Usage)]
    [InlineData("topic-unknown", 404, ExitCode.Refused)]
    [InlineData("trust-not-carried", 409, ExitCode.Refused)]
    [InlineData("trust-off", 409, ExitCode.Refused)]
    public void A_code_has_a_status_and_an_exit_code(string code, int status, int exitCode)
    {
        Assert.Equal(status, ErrorCodes.StatusOf(code));
        var told = NodeClient.Refused(status, JsonSerializer.SerializeToUtf8Bytes(
            new ErrorShape(code, "why"), ApiJson.Shared.ErrorShape));
        Assert.Equal((code, exitCode, "why"), (told.Code, told.ExitCode, told.Message));
    }

    [Fact]
    [Row("F8")]
    public void Missing_acknowledgements_are_no_refusal()
    {
        var told = NodeClient.Refused(ErrorCodes.StatusOf("acks-missing"),
            JsonSerializer.SerializeToUtf8Bytes(
                new AcksMissingShape("acks-missing", "why", []), ApiJson.Shared.AcksMissingShape));
        Assert.Equal((504, ExitCode.Failed),
            (ErrorCodes.StatusOf("acks-missing"), told.ExitCode));
    }

    [Theory]
    [Row("F8")]
    [InlineData("options-invalid", ExitCode.Usage)]
    [InlineData("actor-name", ExitCode.Usage)]
    [InlineData("actor-exists", ExitCode.Usage)]
    [InlineData("directory-in-use", ExitCode.Failed)]
    [InlineData("address-unusable", ExitCode.Failed)]
    [InlineData("key-exposed", ExitCode.Failed)]
    [InlineData("store-newer", ExitCode.Failed)]
    public void A_node_that_cannot_start_says_whether_its_settings_or_its_world_is_wrong(
        string code, int exitCode) => Assert.Equal(exitCode, ErrorCodes.ExitCodeAtStart(code));

    /// <summary>A code that is new in the library must be given a meaning here.</summary>
    [Fact]
    [Row("F8")]
    public void The_table_holds_the_codes_of_the_library_and_no_others()
    {
        var faults = Enum.GetNames<Actors.Storage.StoreFault>()
            .Select(name => $"store-{Capital().Replace(name, "-$0").TrimStart('-')}"
                .ToLowerInvariant());
        var codes = SourceTree.CSharp
            .Where(file => file.StartsWith("src/Gossip.Actors/", StringComparison.Ordinal))
            .SelectMany(file => Codes().Matches(SourceTree.Read(file)))
            .Select(match => match.Groups[1].Value)
            .Concat(faults)
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(codes, ErrorCodes.Statuses.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// GossipException("code", …), and new("code", … where the type is known; and what a topic's
    /// machine declines.
    /// </summary>
    [GeneratedRegex("""
        (?:GossipException|=>\s*new|:\s*new|Answer\.No|Decline)\((?:author,)?
        \s*"([a-z]+(?:-[a-z]+)*)",\s
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Codes();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
