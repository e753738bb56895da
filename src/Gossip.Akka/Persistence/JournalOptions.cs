using Akka.Configuration;
using Gossip.Actors;

namespace Gossip.Akka.Persistence;

/// <summary>What of a <see cref="JournalStore"/> can be chosen?</summary>
/// <remarks>In a configuration they stand under <see cref="Section"/>; see akka.conf.</remarks>
public sealed record JournalOptions
{
    public const string Section = "akka.persistence.gossip";

    public static readonly JournalOptions Default = new();

    /// <summary>
    /// After so many changes of readers, or of topics and exclusions, the journal begins with a
    /// summary of them and a snapshot. Five hundred small events are replayed in milliseconds,
    /// and a summary, which is as large as all readers' own snapshots, is written seldom.
    /// </summary>
    public int SummaryEvery { get; init; } = 500;

    /// <summary>
    /// Bytes of entries that are kept in memory, over all topics, so that they need not be read
    /// from the journal. Eight MiB are a few commits of the largest size or thousands of small
    /// ones: who follows a topic is seldom further behind, and who is reads the journal.
    /// </summary>
    public long RecentBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>What the configuration does not say has its default.</summary>
    /// <exception cref="GossipException">options-invalid.</exception>
    public static JournalOptions Of(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new()
        {
            SummaryEvery = Read(
                "summary-every", "a number from 1 on",
                key => config.GetInt(key, Default.SummaryEvery), 1),
            RecentBytesMax = Read(
                "recent-bytes-max", "a size, for example 8MiB; 0 keeps nothing",
                key => config.GetByteSize(key, Default.RecentBytesMax)!.Value, 0L),
        };
    }

    private static T Read<T>(string name, string wanted, Func<string, T> read, T min)
        where T : IComparable<T>
    {
        var key = $"{Section}.{name}";
        Exception? cause = null;
        try
        {
            if (read(key) is var value && value.CompareTo(min) >= 0)
            {
                return value;
            }
        }
        catch (Exception e) when (e is FormatException or ConfigurationException
            or OverflowException)
        {
            cause = e;
        }

        throw new GossipException("options-invalid", $"{key} is {wanted}.", cause);
    }
}
