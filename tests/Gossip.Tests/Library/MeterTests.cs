using System.Diagnostics.Metrics;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Tests.Library;

/// <summary>Does a collector in the same process see each node's own figures?</summary>
public sealed class MeterTests
{
    private static readonly TopicName Topic = new("news");

    [Fact]
    public async Task Each_node_has_a_meter_that_shows_its_own_work_and_ends_with_it()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        await using (other)
        {
            await using (one)
            {
                await one.PublishAsync(Topic, new byte[] { 1 }, default);
                await one.PublishAsync(Topic, new byte[] { 2 }, default);
                await other.PublishAsync(Topic, new byte[] { 3 }, default);
                Assert.Equal(2, Published(one));
                Assert.Equal(1, Published(other));
            }

            Assert.Null(Published(one));
            Assert.Equal(1, Published(other));
        }
    }

    /// <summary>Null when no meter shows it.</summary>
    private static long? Published(GossipNode node)
    {
        long? seen = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument is { Name: "gossip.payloads.published" }
                    && instrument.Meter is { Name: GossipNode.MeterName, Tags: { } tags }
                    && tags.Any(t => t is { Key: "gossip.did", Value: string did }
                        && did == node.Did.ToString()))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => seen = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }

    private static Task<GossipNode> StartAsync() => GossipNode.StartAsync(
        new() { Network = "test", Listen = null, Topics = [Topic] },
        NullLoggerFactory.Instance, TimeProvider.System, default);
}
