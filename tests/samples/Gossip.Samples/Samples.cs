using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Samples;

/// <summary>Every sample by name, and what they share.</summary>
public static class Samples
{
    public static readonly TopicName Topic = new("news");

    public static IReadOnlyDictionary<string, Func<TextWriter, CancellationToken, Task>> All
    { get; } = new SortedDictionary<string, Func<TextWriter, CancellationToken, Task>>(
        StringComparer.Ordinal)
    {
        ["acknowledge"] = AcknowledgeSample.RunAsync,
        ["end-log"] = EndLogSample.RunAsync,
        ["errors"] = ErrorsSample.RunAsync,
        ["events"] = EventsSample.RunAsync,
        ["hosting"] = HostingSample.RunAsync,
        ["named-subscription"] = NamedSubscriptionSample.RunAsync,
        ["publish"] = PublishSample.RunAsync,
        ["subscribe"] = SubscribeSample.RunAsync,
        ["sync"] = SyncSample.RunAsync,
        ["topic-actor"] = TopicActorSample.RunAsync,
        ["trust"] = TrustSample.RunAsync,
    };

    /// <summary>
    /// A node in memory on a free port, connected to others; give it a data directory in earnest.
    /// </summary>
    public static async Task<GossipNode> StartAsync(
        CancellationToken stop, params GossipNode[] bootstrap)
    {
        var node = await GossipNode.StartAsync(
            new GossipOptions
            {
                Listen = "127.0.0.1:0",
                Bootstrap = [.. bootstrap.Select(other => other.Address!)],
            },
            NullLoggerFactory.Instance, TimeProvider.System, stop);
        await node.JoinAsync(Topic, stop);
        return node;
    }

    public static Payload Text(string text) => new(Encoding.UTF8.GetBytes(text));

    public static string TextOf(DeliveredEntry delivered) => string.Join(
        ", ", delivered.Payloads.Select(p => Encoding.UTF8.GetString(p.Data.Span)));
}
