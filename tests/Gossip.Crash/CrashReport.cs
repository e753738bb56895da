using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gossip.Crash;

/// <summary>What a run found. Other programs read these fields: their names are fixed.</summary>
internal sealed record CrashReport(
    int Kills, int Nodes, long Acknowledged, long Lost, long Duplicates, long NumbersReused,
    long Phantoms, long UnknownOutcomes, double Seconds, string[] Roots, bool Void)
{
    /// <summary>
    /// Kills whose node lost its disk; not among the kills. Half of them kept the key alone.
    /// </summary>
    public required int Destroys { get; init; }

    /// <summary>Peers that each publish waited for.</summary>
    public required int Acks { get; init; }

    public required bool Converged { get; init; }

    /// <summary>Unknown outcomes that turned out to be published.</summary>
    public required long UnknownPublished { get; init; }

    /// <summary>Outcomes that became known when the publish was repeated with its key.</summary>
    public required long Retried { get; init; }

    /// <summary>Of those: published the first time, so that the second wrote nothing.</summary>
    public required long Repeated { get; init; }

    /// <summary>Told that too few peers hold it yet; then repeated.</summary>
    public required long AcksMissing { get; init; }

    /// <summary>Acknowledged, and fewer peers named than were asked for.</summary>
    public required long Unheld { get; init; }

    /// <summary>Payloads that the subscribers got, one per node, over all its lives.</summary>
    public required long Delivered { get; init; }

    /// <summary>Payloads that a subscriber got again.</summary>
    public required long SubscriberDuplicates { get; init; }

    /// <summary>Deliveries that were not the next.</summary>
    public required long SubscriberJumps { get; init; }

    /// <summary>Subscribers that did not get all, in the order of their node.</summary>
    public required int SubscribersWrong { get; init; }

    /// <summary>Entries that a named subscription got again: not acknowledged before.</summary>
    public required long NamedCameAgain { get; init; }

    /// <summary>Acknowledged and given again, jumped over, or elsewhere than before.</summary>
    public required long NamedWrong { get; init; }

    /// <summary>
    /// Found elsewhere than the receipt says: another log, number, entry or index.
    /// </summary>
    public required long Misplaced { get; init; }

    /// <summary>Receipts that their own node did not know when it came back.</summary>
    public required long Forgotten { get; init; }

    /// <summary>Restarts after which a node did not show, in time, what it had promised.</summary>
    public required int NotBack { get; init; }

    /// <summary>Publish calls that were not answered within the deadline.</summary>
    public required long Unanswered { get; init; }

    /// <summary>Forks that the nodes themselves proved.</summary>
    public required int Closures { get; init; }

    /// <summary>
    /// Logs in the topic: one per node, more when a node began a new incarnation.
    /// </summary>
    public required int Logs { get; init; }

    /// <summary>Kills that left a publish without an answer.</summary>
    public required int KillsMidPublish { get; init; }

    /// <summary>Kills before the node was ready; not among the kills.</summary>
    public required int KillsWhileStarting { get; init; }

    /// <summary>From the start of a process to its first receipt.</summary>
    public required double RestartP50Ms { get; init; }

    public required double RestartMaxMs { get; init; }

    public required SortedDictionary<string, long> Refused { get; init; }

    /// <summary>The nodes' counters that are not zero, summed over all lives.</summary>
    public required SortedDictionary<string, long> Counters { get; init; }

    /// <summary>The nodes' log lines by level and wording.</summary>
    public required SortedDictionary<string, long> LogLines { get; init; }

    [JsonIgnore]
    public bool IsFaultless => Converged && Lost == 0 && Duplicates == 0 && NumbersReused == 0
        && Phantoms == 0 && Misplaced == 0 && Forgotten == 0 && NotBack == 0
        && Unanswered == 0 && Closures == 0 && Unheld == 0 && SubscriberDuplicates == 0
        && SubscriberJumps == 0 && SubscribersWrong == 0 && NamedWrong == 0;
}

/// <summary>How is a report spelled as JSON?</summary>
[JsonSerializable(typeof(CrashReport))]
internal sealed partial class CrashJson : JsonSerializerContext
{
    public static readonly CrashJson Shared = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
