using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Host.Demo;

/// <summary>
/// What do the nodes really hold? Compares their roots, and reads every payload of each.
/// </summary>
internal sealed class Verification(Member[] members, Publications publications, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly int[][] _seen = new int[members.Length][];

    public string[] Roots { get; private set; } = [];

    /// <summary>Payloads that nobody published, or that were changed on the way.</summary>
    public long Phantoms { get; private set; }

    /// <summary>True when all roots, and all deliveries, were equal before the deadline.</summary>
    public async Task<bool> ConvergeAsync(TimeSpan timeout, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var topics = await Task.WhenAll(members.Select(member => member.Client!.GetAsync(
                NodeClient.Path(DemoSettings.Topic), ApiJson.Shared.TopicShape, stop)));
            Roots = [.. topics.Select(topic => topic.Root)];
            if (Roots.Distinct().Count() == 1
                && topics.All(topic => topic.Payloads >= publications.Acknowledged
                    && topic.Blocked.Length == 0 && topic.Position >= topic.Entries))
            {
                return true;
            }

            if (time.GetElapsedTime(started) > timeout)
            {
                return false;
            }

            await Task.Delay(Pause, time, stop);
        }
    }

    public async Task ReadAsync(CancellationToken stop)
    {
        Phantoms = 0;
        foreach (var member in members)
        {
            _seen[member.Index] = await ReadAsync(member, stop);
        }
    }

    public bool IsAnywhere(int line) => _seen.Any(seen => seen[line] > 0);

    /// <summary>
    /// Published for sure, or found somewhere: the lines that every node must have.
    /// </summary>
    public IEnumerable<int> Published() =>
        Enumerable.Range(0, publications.Count).Where(line => IsAnywhere(line)
            || publications.OutcomeOf(line) == Publications.Outcome.Acknowledged);

    public long Lost() => Published().LongCount(line => _seen.Any(seen => seen[line] == 0));

    public long Duplicates() => Published().Sum(line =>
        (long)Math.Max(0, _seen.Max(seen => seen[line]) - 1));

    private async Task<int[]> ReadAsync(Member member, CancellationToken stop)
    {
        var seen = new int[publications.Count];
        for (long after = 0; ;)
        {
            var page = await member.Client!.GetAsync(
                NodeClient.Path(DemoSettings.Topic, $"/entries?after={after}&limit=500"),
                ApiJson.Shared.PageShape, stop);
            if (page.Entries.Length == 0)
            {
                return seen;
            }

            foreach (var payload in page.Entries.SelectMany(entry => entry.Payloads))
            {
                if (publications.LineOf(payload.Data) is { } line)
                {
                    seen[line]++;
                }
                else
                {
                    Phantoms++;
                }
            }

            after = page.Next;
        }
    }
}
