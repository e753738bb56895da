using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Akka.Remoting;

namespace Gossip.Akka.Tests.Remoting;

public sealed class LineMailboxTests : IAsyncLifetime
{
    private const int Cost = LineLimits.ChunkCost;
    private static readonly CancellationToken Stop = CancellationToken.None;

    private readonly RemoteSystems _systems = new();
    private readonly ActorSystem _system;

    public LineMailboxTests() => _system = _systems.Start();

    private LineRefusals Refusals => LineRefusals.Of(_system);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _systems.DisposeAsync();

    [Fact]
    public void What_goes_beyond_its_bytes_is_refused_and_counted_until_there_is_room()
    {
        var queue = new LineMailbox.Queue(3 * Cost, Refusals);
        for (var i = 0; i < 5; i++)
        {
            Put(queue, Chunk(0));
        }

        Assert.Equal((3, 2), (queue.Count, Refusals.Count(LineRefusal.MailboxFull)));
        Assert.True(queue.TryDequeue(out _));
        Put(queue, Chunk(1));
        Put(queue, new Refused(0));
        Assert.Equal((3, 3), (queue.Count, Refusals.Count(LineRefusal.MailboxFull)));
        queue.CleanUp(ActorRefs.Nobody, queue);
        Put(queue, Chunk(2 * Cost));
        Assert.Equal((1, 3), (queue.Count, Refusals.Count(LineRefusal.MailboxFull)));
    }

    [Fact]
    public void What_this_node_says_itself_always_comes()
    {
        var queue = new LineMailbox.Queue(Cost, Refusals);
        Put(queue, Chunk(0));
        Put(queue, Chunk(0));
        Put(queue, LineOrder.Close.Now);
        Assert.Equal((2, 1), (queue.Count, Refusals.Count(LineRefusal.MailboxFull)));
    }

    [Fact]
    public async Task The_door_and_each_line_have_one()
    {
        var transport = new RemoteTransport(
            _system, EcKeys.Generate(), new(), new(), TimeProvider.System);
        await using var listener = await transport.ListenAsync("127.0.0.1:0", Stop);
        await using var dialled = await transport.DialAsync(listener.Address, Stop);
        await using var accepted = await listener.AcceptAsync(Stop);
        foreach (var path in new[] { "/user/gossip-door", "/user/gossip-line-*" })
        {
            var found = await _system.ActorSelection(path)
                .ResolveOne(TimeSpan.FromSeconds(10), Stop);
            Assert.IsType<LineMailbox.Queue>(QueueOf(found));
        }
    }

    /// <summary>Whoever keeps to the credit never meets the bound.</summary>
    [Fact]
    public async Task A_flood_of_the_smallest_frames_is_refused_nowhere()
    {
        const int frames = 20_000;
        var transport = new RemoteTransport(
            _system, EcKeys.Generate(), new(), new(), TimeProvider.System);
        await using var listener = await transport.ListenAsync("127.0.0.1:0", Stop);
        await using var dialled = await transport.DialAsync(listener.Address, Stop);
        await using var accepted = await listener.AcceptAsync(Stop);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < frames; i++)
            {
                await dialled.SendAsync([new byte[1]], Stop);
            }
        });
        for (var i = 0; i < frames; i++)
        {
            Assert.Equal(1, (await accepted.ReceiveAsync(Stop))!.Value.Length);
        }

        await sending;
        Assert.Equal(0, Refusals.Count(LineRefusal.MailboxFull));
    }

    [Fact]
    public void A_mailbox_that_holds_no_window_is_said_to_be_too_small()
    {
        var system = _systems.Start($"{LineMailbox.OfLines}.bytes-max = 64KiB");
        var failure = Assert.Throws<TransportException>(() => new RemoteTransport(
            system, EcKeys.Generate(), new(), new(), TimeProvider.System));
        Assert.StartsWith(LineMailbox.OfLines, failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Chunk(int bytes) => new byte[LineCipher.OverheadBytes + bytes];

    private static void Put(LineMailbox.Queue queue, object message) =>
        queue.Enqueue(ActorRefs.Nobody, new Envelope(message, ActorRefs.NoSender));

    private static IMessageQueue QueueOf(IActorRef actor) =>
        ((ActorCell)((ActorRefWithCell)actor).Underlying).Mailbox!.MessageQueue;
}
