using System.Collections.Frozen;
using Gossip.Host.Commands;

namespace Gossip.Host.Api;

/// <summary>
/// What does a code of the library mean for who asked? 400 and 413: ask differently. 404: there is
/// no such thing. 409: not as things stand. 503: the same request may succeed soon. 500 and 507: a
/// person has to look at the node.
/// </summary>
internal static class ErrorCodes
{
    /// <summary>Every code that the library gives; a test compares.</summary>
    public static readonly FrozenDictionary<string, int> Statuses = new Dictionary<string, int>
    {
        ["acks-missing"] = StatusCodes.Status504GatewayTimeout,
        ["acks-timeout-invalid"] = StatusCodes.Status400BadRequest,
        ["actor-exists"] = StatusCodes.Status409Conflict,
        ["actor-name"] = StatusCodes.Status400BadRequest,
        ["actor-not-parked"] = StatusCodes.Status409Conflict,
        ["actor-nothing-to-skip"] = StatusCodes.Status409Conflict,
        ["actor-unknown"] = StatusCodes.Status404NotFound,
        ["address-unusable"] = StatusCodes.Status500InternalServerError,
        ["already-invited"] = StatusCodes.Status409Conflict,
        ["attestation-note"] = StatusCodes.Status400BadRequest,
        ["attestation-of-self"] = StatusCodes.Status400BadRequest,
        ["attestation-unknown"] = StatusCodes.Status404NotFound,
        ["attestation-weight"] = StatusCodes.Status400BadRequest,
        ["block-reason"] = StatusCodes.Status400BadRequest,
        ["directory-in-use"] = StatusCodes.Status500InternalServerError,
        ["directory-unusable"] = StatusCodes.Status500InternalServerError,
        ["entry-unknown"] = StatusCodes.Status404NotFound,
        ["erase-refused"] = StatusCodes.Status409Conflict,
        ["key-given"] = StatusCodes.Status409Conflict,
        ["key-rotated"] = StatusCodes.Status503ServiceUnavailable,
        ["key-exposed"] = StatusCodes.Status500InternalServerError,
        ["key-invalid"] = StatusCodes.Status500InternalServerError,
        ["key-locked"] = StatusCodes.Status500InternalServerError,
        ["key-passphrase-wrong"] = StatusCodes.Status500InternalServerError,
        ["key-plain"] = StatusCodes.Status500InternalServerError,
        ["key-unreadable"] = StatusCodes.Status500InternalServerError,
        ["key-unwritable"] = StatusCodes.Status500InternalServerError,
        ["log-full"] = StatusCodes.Status409Conflict,
        ["member-unknown"] = StatusCodes.Status404NotFound,
        ["not-started"] = StatusCodes.Status503ServiceUnavailable,
        ["options-invalid"] = StatusCodes.Status400BadRequest,
        ["passphrase-exposed"] = StatusCodes.Status500InternalServerError,
        ["passphrase-invalid"] = StatusCodes.Status500InternalServerError,
        ["passphrase-unreadable"] = StatusCodes.Status500InternalServerError,
        ["payload-header-invalid"] = StatusCodes.Status400BadRequest,
        ["payload-too-large"] = StatusCodes.Status413PayloadTooLarge,
        ["payloads-none"] = StatusCodes.Status400BadRequest,
        ["payloads-too-many"] = StatusCodes.Status413PayloadTooLarge,
        ["peer-self"] = StatusCodes.Status409Conflict,
        ["peer-unknown"] = StatusCodes.Status404NotFound,
        ["policy-refused"] = StatusCodes.Status403Forbidden,
        ["policy-terms"] = StatusCodes.Status400BadRequest,
        ["position-ahead"] = StatusCodes.Status409Conflict,
        ["stopped"] = StatusCodes.Status503ServiceUnavailable,
        ["store-closed"] = StatusCodes.Status503ServiceUnavailable,
        ["store-corrupt"] = StatusCodes.Status500InternalServerError,
        ["store-full"] = StatusCodes.Status507InsufficientStorage,
        ["store-io"] = StatusCodes.Status500InternalServerError,
        ["store-locked"] = StatusCodes.Status503ServiceUnavailable,
        ["store-named"] = StatusCodes.Status409Conflict,
        ["store-newer"] = StatusCodes.Status500InternalServerError,
        ["store-read-only"] = StatusCodes.Status500InternalServerError,
        ["store-superseded"] = StatusCodes.Status503ServiceUnavailable,
        ["subscription-name"] = StatusCodes.Status400BadRequest,
        ["topic-busy"] = StatusCodes.Status503ServiceUnavailable,
        ["topic-exists"] = StatusCodes.Status409Conflict,
        ["topic-failed"] = StatusCodes.Status503ServiceUnavailable,
        ["topic-label"] = StatusCodes.Status400BadRequest,
        ["topic-public"] = StatusCodes.Status409Conflict,
        ["topic-reserved"] = StatusCodes.Status400BadRequest,
        ["topic-unknown"] = StatusCodes.Status404NotFound,
        ["trust-not-carried"] = StatusCodes.Status409Conflict,
        ["trust-off"] = StatusCodes.Status409Conflict,
        ["write-refused"] = StatusCodes.Status403Forbidden,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static int StatusOf(string code) =>
        Statuses.GetValueOrDefault(code, StatusCodes.Status500InternalServerError);

    /// <summary>
    /// How a command ends that was answered with this: 2 when it asked for what cannot be, 4 when
    /// the node could not or would not.
    /// </summary>
    public static int ExitCodeOf(int status) => status == StatusCodes.Status400BadRequest
        ? ExitCode.Usage
        : ExitCode.Refused;

    /// <summary>How a node ends that could not start.</summary>
    public static int ExitCodeAtStart(string code) =>
        StatusOf(code) is StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict
            ? ExitCode.Usage
            : ExitCode.Failed;
}
