namespace Gossip.Adversary.Attacks;

/// <summary>
/// What an attacker does until it is told to stop, and how often it did so.
/// </summary>
internal sealed record Attack(
    string Name,
    string How,
    long DoneMin,
    Func<AttackOrder, CancellationToken, Task> RunAsync)
{
    public static readonly Attack Burn = new(
        "burn", "the control: takes the same CPU and connects to nobody", 1, Burning.RunAsync);

    public static IReadOnlyList<Attack> All =>
    [
        new("flood", "pings, heads, pulls, names and false entries, as fast as it can", 5000,
            Flood.RunAsync),
        new("half-open", $"{HalfOpen.SocketsMax} connections whose handshake never ends",
            HalfOpen.SocketsMax, HalfOpen.RunAsync),
        new("slow-http", $"{SlowHttp.SocketsMax} requests to the API that never end",
            SlowHttp.SocketsMax, SlowHttp.RunAsync),
        new("bombs", "frames of 1 MiB that would take hundreds once decoded", 50, Bombs.RunAsync),
        new("junk", "entries validly signed by strangers", 500, Junk.RunAsync),
    ];
}

/// <summary>Whom to attack, and at which pace. Counts what was done.</summary>
internal sealed class AttackOrder(string target, Uri api, Pace pace)
{
    private long _done;

    public string Target => target;

    public Uri Api => api;

    public Pace Pace => pace;

    public long Done => Interlocked.Read(ref _done);

    public void Count(long more = 1) => Interlocked.Add(ref _done, more);
}
