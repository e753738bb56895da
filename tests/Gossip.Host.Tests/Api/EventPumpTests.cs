using System.Net.ServerSentEvents;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Host.Api;
using Gossip.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Host.Tests.Api;

public sealed class EventPumpTests
{
    [Fact]
    [Row("F4")]
    public async Task A_slow_reader_is_told_how_much_it_missed_and_nobody_waits_for_it()
    {
        const int published = 50;
        using var stop = new CancellationTokenSource(GossipProcess.Deadline, TimeProvider.System);
        await using var node = await GossipNode.StartAsync(
            new()
            {
                DataDirectory = null,
                Listen = null,
                Topics = [new("news")],
                Sizes = new() { EventsMax = 4 },
            },
            NullLoggerFactory.Instance, TimeProvider.System, stop.Token);
        await using var reader = new StuckReader();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(reader));
        var pump = new EventPump(TimeProvider.System, stop.Token).RunAsync(
            context, "from now on", node.WatchAsync,
            happened => $"data: {EventShaping.Shape(happened, 0).Event} "
                + $"{(happened as NodeEvent.Missed)?.Events}\n\n");
        await reader.Stuck.WaitAsync(stop.Token);

        for (var i = 0; i < published; i++)
        {
            await node.PublishAsync(new("news"), "x"u8.ToArray(), stop.Token);
        }

        reader.GoOn();
        await node.DisposeAsync();
        await pump.WaitAsync(stop.Token);

        var told = SseParser.Create(new MemoryStream(reader.Bytes)).Enumerate()
            .Select(item => item.Data.Split(' ')).ToArray();
        var missed = told.Where(words => words[0] == "missed").Sum(words => int.Parse(words[1]));
        var created = told.Count(words => words[0] == "created");
        Assert.True(missed > 0, "nothing was missed");
        Assert.Equal(published, created + missed);
    }

    /// <summary>Takes nothing until it is told to go on.</summary>
    private sealed class StuckReader : MemoryStream
    {
        private readonly TaskCompletionSource _stuck = new();
        private readonly TaskCompletionSource _mayGoOn =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stuck => _stuck.Task;

        public byte[] Bytes => ToArray();

        public void GoOn() => _mayGoOn.TrySetResult();

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _stuck.TrySetResult();
            await _mayGoOn.Task.WaitAsync(cancellationToken);
            await base.WriteAsync(buffer, cancellationToken);
        }

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            _stuck.TrySetResult();
            await _mayGoOn.Task.WaitAsync(cancellationToken);
        }
    }
}
