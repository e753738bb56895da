using System.Collections.Immutable;
using System.Text.Json;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Trust;
using Gossip.Host.Api;
using Gossip.Host.Configuration;
using Gossip.Host.Node;
using Gossip.Tests.Trust;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Host.Tests.Configuration.Keys;

/// <summary>Keys of trust: seen in what a node carries, remembers and answers.</summary>
internal static class TrustRows
{
    public static readonly KeyRow[] All =
    [
        new("trust.enabled", "true", "gossip.trust news", async s =>
        {
            await using var node = await GossipNode.StartAsync(
                s.Options, NullLoggerFactory.Instance, TimeProvider.System, default);
            return string.Join(
                ' ', (await node.TopicsAsync(default)).Select(topic => topic.Name.Value).Order());
        }),
        new("trust.known-min", "0.3", "isolated", s => ClassOfAsync(s, 0.2)),
        new("trust.partner-min", "0.6", "known", s => ClassOfAsync(s, 0.5)),
        new("trust.federated-min", "0.5", "federated", s => ClassOfAsync(s, 0.5)),
        new("sizes.trust-attestations-max", "65536", "some are forgotten", s =>
        {
            // What an author's logs saw of each other takes room as what it says does.
            var graph = TrustFeed.Begin(Bench.Own.Self, s.Options.Sizes);
            foreach (var seq in Enumerable.Range(1, 150))
            {
                var logs = Enumerable.Range(1, Limits.ClockComponentsMax)
                    .Select(i => ((ulong)((seq * 1000) + i), 1L)).ToArray();
                Say.Tell(graph, Say.That(1 + (seq % 3), 9, 1, seq, 1, 1, logs));
            }

            return graph.IsPartial ? "some are forgotten" : "all are remembered";
        }),
    ];

    /// <summary>As the API says it, for a score that is given.</summary>
    private static async Task<string> ClassOfAsync(Settings s, double score)
    {
        await using var node = await GossipNode.StartAsync(
            s.Options, new GossipParts { Trust = new Sure(Score.Of(score)) },
            NullLoggerFactory.Instance, TimeProvider.System, default);
        await using var api = await ApiServer.StartAsync(
            node, NodeSettings.Of(s), NullLoggerFactory.Instance, TimeProvider.System, default);
        using var http = new HttpClient();
        var body = await http.GetByteArrayAsync(
            new Uri($"{api.Address}/trust/{Bench.Theirs.Self}"));
        return JsonSerializer.Deserialize(body, ApiJson.Shared.TrustShape)!.Class;
    }

    /// <summary>An application's own source, which trusts everyone alike.</summary>
    private sealed class Sure(Score score) : ITrustSource
    {
        public Task NextChange { get; } = new TaskCompletionSource().Task;

        public ValueTask<TrustScore> ScoreAsync(
            Did viewpoint, Did subject, CancellationToken stop) =>
            ValueTask.FromResult(new TrustScore(
                viewpoint, subject, score, null, [], "the application says so"));

        public ValueTask<ImmutableArray<Ranked>> ReachingAsync(
            Did viewpoint, Score least, CancellationToken stop) =>
            ValueTask.FromResult(ImmutableArray<Ranked>.Empty);
    }
}
