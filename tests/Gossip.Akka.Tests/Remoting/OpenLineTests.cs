using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Gossip.Akka.Remoting;

namespace Gossip.Akka.Tests.Remoting;

/// <summary>What an open line takes from its peer, and what a system reads at all.</summary>
public sealed class OpenLineTests : IAsyncLifetime
{
    private const int Window = 1000;
    private static readonly byte[] Key = new byte[LineCipher.KeyBytes];

    private readonly RemoteSystems _systems = new();
    private readonly LineCipher _peer = new(Key);
    private readonly ActorSystem _system;
    private readonly OpenLine _line;
    private ulong _next;

    public OpenLineTests()
    {
        _system = _systems.Start();
        _line = new(
            ActorRefs.Nobody, ActorRefs.Nobody, (Key, Key), (Window, Window), Refusals);
    }

    private LineRefusals Refusals => LineRefusals.Of(_system);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _systems.DisposeAsync();

    [Fact]
    public void What_comes_twice_is_taken_once()
    {
        var chunk = Seal(ChunkKind.Data, new byte[10]);

        Assert.Null(_line.Take(chunk));
        Assert.Null(_line.Take(chunk));

        Assert.True(_line.Input.TryRead(out var read));
        Assert.Equal(10, read.Buffer.Length);
        Assert.Equal(1, Refusals.Count(LineRefusal.OutOfSequence));
    }

    [Fact]
    public void A_chunk_that_was_changed_on_its_way_is_not_taken()
    {
        var chunk = Seal(ChunkKind.Data, new byte[10]);
        for (var i = 0; i < chunk.Length; i++)
        {
            chunk[i] ^= 1;
            Assert.Null(_line.Take(chunk));
            chunk[i] ^= 1;
        }

        Assert.Equal(chunk.Length, Refusals.Count(LineRefusal.Unauthentic));
        Assert.False(_line.Input.TryRead(out _));
        Assert.Null(_line.Take(chunk));
        Assert.True(_line.Input.TryRead(out _));
    }

    [Fact]
    public void More_than_there_is_credit_for_breaks_the_line()
    {
        Assert.Null(_line.Take(
            Seal(ChunkKind.Data, new byte[Window - LineLimits.ChunkCost])));

        Assert.Contains("credit", _line.Take(Seal(ChunkKind.Data, [0])), StringComparison.Ordinal);

        Assert.Equal(1, Refusals.Count(LineRefusal.BeyondWindow));
    }

    [Fact]
    public void However_small_chunks_are_credit_bounds_how_many_wait()
    {
        for (var i = 0; i < Window / (LineLimits.ChunkCost + 1); i++)
        {
            Assert.Null(_line.Take(Seal(ChunkKind.Data, [0])));
        }

        Assert.Contains("credit", _line.Take(Seal(ChunkKind.Data, [0])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_small_the_writes_are_no_more_go_than_credit_was_given_for()
    {
        var most = Window / (LineLimits.ChunkCost + 1);
        for (var i = 0; i < most; i++)
        {
            await _line.Output.WriteAsync(new byte[1]);
        }

        var waiting = _line.Output.WriteAsync(new byte[1]).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.True(_line.Output.TryCredit(most * (LineLimits.ChunkCost + 1)));
        await waiting;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Credit_for_what_was_never_sent_breaks_the_line(int bytes)
    {
        var credit = BitConverter.GetBytes(bytes).Reverse().ToArray();

        Assert.Contains(
            "gave back", _line.Take(Seal(ChunkKind.Credit, credit)), StringComparison.Ordinal);

        Assert.Equal(1, Refusals.Count(LineRefusal.BeyondWindow));
    }

    [Fact]
    public void A_chunk_of_no_kind_breaks_the_line()
    {
        Assert.Contains(
            "no meaning", _line.Take(Seal((ChunkKind)9, [])), StringComparison.Ordinal);

        Assert.Equal(1, Refusals.Count(LineRefusal.Unexpected));
    }

    [Fact]
    public void Control_messages_are_read_as_they_were_written()
    {
        var serializer = _system.Serialization.FindSerializerForType(typeof(Welcome));
        Assert.IsType<ControlSerializer>(serializer);
        var sent = Welcome.Blank(0x5a);

        var read = Assert.IsType<Welcome>(
            serializer.FromBinary<object>(serializer.ToBinary(sent)));

        Assert.Equal(sent.Signature, read.Signature);
        Assert.Equal(sent.Share, read.Share);
        Assert.Equal(sent.Window, read.Window);
    }

    [Fact]
    public void A_control_message_whose_shape_was_changed_is_not_read()
    {
        var serializer = _system.Serialization.FindSerializerForType(typeof(Refused));
        var bytes = serializer.ToBinary(new Refused(3));
        bytes[0] ^= 1;

        Assert.Throws<SerializationException>(() => serializer.FromBinary<object>(bytes));
        Assert.Throws<SerializationException>(
            () => serializer.FromBinary<object>([9, 255, 255, 255, 127]));

        Assert.Equal(2, Refusals.Count(LineRefusal.WrongShape));
    }

    [Theory]
    [InlineData(1, """{"$type":"System.IO.FileInfo, System.Private.CoreLib"}""", "")]
    [InlineData(1, "{}", "System.IO.FileInfo, System.Private.CoreLib")]
    [InlineData(2, "", "System.Object, System.Private.CoreLib")]
    [InlineData(3, "", "")]
    [InlineData(16, "", "STF")]
    [InlineData(22, "", "S")]
    public void Nothing_that_names_its_own_type_is_read(int serializer, string text, string name)
    {
        Assert.Throws<SerializationException>(() => _system.Serialization.Deserialize(
            Encoding.UTF8.GetBytes(text), serializer, name));

        Assert.Equal(1, Refusals.Count(LineRefusal.Polymorphic));
    }

    private byte[] Seal(ChunkKind kind, byte[] content) => _peer.Seal(kind, _next++, content);
}
