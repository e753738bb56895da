using Gossip.Actors.Protocol;

namespace Gossip.Actors;

/// <summary>
/// The knobs of a node. Every default says why; <see cref="Refusals"/> says what is out of range.
/// </summary>
public sealed record GossipOptions
{
    /// <summary>
    /// A name that hellos and entries carry: a test entry never replays into production.
    /// </summary>
    public string Network { get; init; } = "default";

    /// <summary>
    /// Holds the key, the store and the lock. Null: everything in memory, gone at the end.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// Holds, in its first line, the passphrase that the key in the data directory is encrypted
    /// with; only its owner may read it. Null: the key is not encrypted.
    /// </summary>
    public string? KeyPassphraseFile { get; init; }

    /// <summary>host:port for peers; port 0 lets the system choose. Null: dial only.</summary>
    public string? Listen { get; init; } = "127.0.0.1:7700";

    /// <summary>
    /// What peers should dial, when it is not what we listen on (NAT, containers).
    /// </summary>
    public string? Advertise { get; init; }

    /// <summary>host:port of peers to connect to, and to stay connected to.</summary>
    public IReadOnlyList<string> Bootstrap { get; init; } = [];

    /// <summary>
    /// Topics to carry, beside those the store remembers: public ones by name, others as their
    /// owner gave them.
    /// </summary>
    public IReadOnlyList<TopicRef> Topics { get; init; } = [];

    public GossipTimes Times { get; init; } = new();

    public GossipSizes Sizes { get; init; } = new();

    public GossipTrust Trust { get; init; } = new();

    public GossipReputation Reputation { get; init; } = new();

    public GossipRates Rates { get; init; } = new();

    public GossipRetention Retention { get; init; } = new();

    /// <summary>
    /// What is sent compressed to peers that take it, where it gets smaller. Answers only: a page
    /// is large and read once, and compressing takes a hundredth of what checking it takes. A push
    /// is small and goes to everybody, so it would be compressed for each.
    /// </summary>
    public Compression Compression { get; init; } = Compression.Answers;

    /// <summary>Off only to show that convergence never depends on push.</summary>
    public bool Push { get; init; } = true;

    /// <summary>Everything that is out of range, at once; empty when the node can start.</summary>
    public IReadOnlyList<string> Refusals()
    {
        var refusals = new List<string>();
        var networkBytes = System.Text.Encoding.UTF8.GetByteCount(Network);
        Check(networkBytes is >= 1 and <= Limits.NetworkBytesMax,
            $"network: 1 to {Limits.NetworkBytesMax} bytes, not {networkBytes}");
        foreach (var address in Bootstrap.Append(Listen).Append(Advertise).OfType<string>())
        {
            Check(IsAddress(address), $"address '{address}': expected host:port, port 0 to 65535");
        }

        Check(Times.IdleTimeout > Times.PingInterval,
            $"idle-timeout: longer than ping-interval ({Times.PingInterval}), "
            + $"not {Times.IdleTimeout}");
        Check(Advertise is null || System.Text.Encoding.UTF8.GetByteCount(Advertise) <= 259,
            "advertise: at most 259 bytes (a name of 253, a colon and a port)");
        refusals.AddRange(Times.Refusals());
        refusals.AddRange(Sizes.Refusals());
        refusals.AddRange(Trust.Refusals());
        refusals.AddRange(Reputation.Refusals());
        refusals.AddRange(Rates.Refusals());
        refusals.AddRange(Retention.Refusals());
        return refusals;

        void Check(bool holds, string refusal)
        {
            if (!holds)
            {
                refusals.Add(refusal);
            }
        }
    }

    private static bool IsAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), out _);
    }
}

/// <summary>Intervals and deadlines.</summary>
public sealed record GossipTimes
{
    /// <summary>Timers count whole milliseconds.</summary>
    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>Whoever waits longer has made a mistake, or wants another mechanism.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Between two rounds. What push missed is mended within a few of these.</summary>
    public TimeSpan RoundInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A round that has not ended by then failed; a large repair goes on in the next.
    /// </summary>
    public TimeSpan RoundTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Heads of logs that grew are gathered for so long: one row covers many entries.
    /// </summary>
    public TimeSpan HeadsInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>After a peer's head: the author's own push is probably on its way.</summary>
    public TimeSpan PullGrace { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>An unanswered pull is given up and asked of another peer.</summary>
    public TimeSpan PullTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From connecting to the peer's hello.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a peer is pinged.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a peer is gone: three lost pings.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Silence of a known peer after which a partition is suspected: longer than a restart takes.
    /// </summary>
    public TimeSpan PartitionThreshold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For peers to hold what a publish with acks waits for: a few pulls, or one round.
    /// </summary>
    public TimeSpan AcksTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A topic actor whose store or publish was refused tries again after this: not its fault.
    /// </summary>
    public TimeSpan ActorRetry { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A peer that takes nothing for so long is disconnected.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First wait before dialling again; doubles, with jitter.</summary>
    public TimeSpan RedialMin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait before dialling again; for ever.</summary>
    public TimeSpan RedialMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For everything that a stop must finish.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Refusals() =>
        from time in new (string Name, TimeSpan Value)[]
        {
            ("round-interval", RoundInterval),
            ("round-timeout", RoundTimeout),
            ("heads-interval", HeadsInterval),
            ("pull-grace", PullGrace),
            ("pull-timeout", PullTimeout),
            ("handshake-timeout", HandshakeTimeout),
            ("ping-interval", PingInterval),
            ("idle-timeout", IdleTimeout),
            ("partition-threshold", PartitionThreshold),
            ("acks-timeout", AcksTimeout),
            ("actor-retry", ActorRetry),
            ("write-timeout", WriteTimeout),
            ("redial-min", RedialMin),
            ("redial-max", RedialMax),
            ("stop-timeout", StopTimeout),
        }
        where time.Value < Shortest || time.Value > Longest
        select $"{time.Name}: 1 ms to 1 h, not {time.Value}";
}
