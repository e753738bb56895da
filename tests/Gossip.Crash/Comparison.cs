using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Crash;

/// <summary>Do all nodes show the same root, with nothing left to deliver?</summary>
internal sealed class Comparison(CrashNode[] nodes, CrashSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Equal for so long without what was acknowledged: it will not come any more.
    private static readonly TimeSpan EqualMax = TimeSpan.FromSeconds(5);

    private TopicShape[] _topics = [];

    public bool HasConverged { get; private set; }

    public string[] Roots => [.. _topics.Select(topic => topic.Root)];

    public int Closures => _topics.Max(topic => topic.Closures.Length);

    public int Logs => _topics.Max(topic => topic.Logs);

    public async Task ConvergeAsync(long acknowledged, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        var equalSince = started;
        do
        {
            _topics = await Task.WhenAll(nodes.Select(node => node.Client.GetAsync(
                NodeClient.Path(CrashSettings.Topic), ApiJson.Shared.TopicShape, stop)));
            HasConverged = IsEqual();
            if (!HasConverged)
            {
                equalSince = time.GetTimestamp();
            }
            else if (_topics.All(topic => topic.Payloads >= acknowledged)
                || time.GetElapsedTime(equalSince) > EqualMax)
            {
                return;
            }

            await Task.Delay(Pause, time, stop);
        }
        while (time.GetElapsedTime(started) < settings.ConvergeTimeout);
    }

    private bool IsEqual() => Roots.Distinct().Count() == 1
        && _topics.Select(topic => topic.Payloads).Distinct().Count() == 1
        && _topics.All(topic => topic.Blocked.Length == 0 && topic.Position >= topic.Entries);
}
