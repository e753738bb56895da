namespace Gossip.Actors;

/// <summary>
/// How much may a peer make this node do, each second? A peer is an identity: its links share what
/// it has. What this node asked for (answers to its own pulls) is never counted against anybody,
/// except as bytes and frames; what is dropped comes again when a round asks for it.
/// </summary>
public sealed record GossipRates
{
    internal static readonly TimeSpan ShortestBurst = TimeSpan.FromMilliseconds(10);
    internal static readonly TimeSpan LongestBurst = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What may come at once after a silence: so much time's worth. Rides out a commit that waits
    /// for a disk, and a peer that comes back with its backlog.
    /// </summary>
    public TimeSpan Burst { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Frames read from one peer; more wait in its socket. A peer sends one frame a commit, and a
    /// disk makes 3,200 commits a second.
    /// </summary>
    public int PeerFrames { get; init; } = 10_000;

    /// <summary>
    /// Bytes read from one peer, as they are when opened; more wait in its socket. A gigabit line
    /// is never held up, and a faster one cannot keep a core busy with decoding.
    /// </summary>
    public int PeerBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>
    /// Entries that one peer pushes. An author makes one a commit, at most 3,200 a second, however
    /// many payloads share it; a peer that relays pushes several authors'.
    /// </summary>
    public int PeerEntries { get; init; } = 20_000;

    /// <summary>
    /// Signatures checked for what one peer pushes: an entry is one, the proof of a fork is two.
    /// Three times what an author can make, and two thirds of a core that nobody asked for.
    /// </summary>
    public int PeerVerifications { get; init; } = 10_000;

    /// <summary>
    /// Signatures checked for what all peers push: what two cores can check. More peers do not
    /// make this node do more.
    /// </summary>
    public int Verifications { get; init; } = 30_000;

    /// <summary>
    /// Rows of heads that one peer tells: 2,000 logs that grow all the time, told every 20 ms.
    /// </summary>
    public int PeerRows { get; init; } = 100_000;

    /// <summary>
    /// Pulls that one peer asks, beside one for each topic at once. Each is answered by up to a
    /// page, and asked one after the other in each topic.
    /// </summary>
    public int PeerPulls { get; init; } = 1000;

    /// <summary>
    /// Topics that one peer begins to name, beside all it may name at once. Who joins and leaves
    /// all the time makes three machines work each time.
    /// </summary>
    public int PeerSubscriptions { get; init; } = 256;

    internal IEnumerable<string> Refusals()
    {
        if (Burst < ShortestBurst || Burst > LongestBurst)
        {
            yield return $"burst: 10 ms to 1 m, not {Burst}";
        }

        foreach (var (name, value, min, max) in new (string, int, int, int)[]
        {
            ("peer-frames", PeerFrames, 10, 1 << 20),
            ("peer-bytes", PeerBytes, 1 << 20, 1 << 30),
            ("peer-entries", PeerEntries, 1, 1 << 20),
            ("peer-verifications", PeerVerifications, 1, 1 << 20),
            ("verifications", Verifications, 1, 1 << 20),
            ("peer-rows", PeerRows, 1, 1 << 24),
            ("peer-pulls", PeerPulls, 1, 1 << 20),
            ("peer-subscriptions", PeerSubscriptions, 1, 1 << 20),
        })
        {
            if (value < min || value > max)
            {
                yield return $"{name}: {min} to {max}, not {value}";
            }
        }
    }
}
