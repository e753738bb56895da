using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Akka.Remoting;
using Gossip.Tests.Nodes;

namespace Gossip.Akka.Tests.Remoting;

/// <summary>Whatever a stranger does, it is refused and counted, and peers go on.</summary>
public sealed class HostileTests : IAsyncLifetime
{
    /// <summary>A system that is as Akka makes it: it sends what ours do not read.</summary>
    private const string Careless = """
        akka.actor.serializers {
          json = "Akka.Serialization.NewtonSoftJsonSerializer, Akka"
          hyperion = "Akka.Serialization.HyperionSerializer, Akka.Serialization.Hyperion"
          akka-misc = "Akka.Remote.Serialization.MiscMessageSerializer, Akka.Remote"
          akka-system-msg = "Akka.Remote.Serialization.SystemMessageSerializer, Akka.Remote"
        }
        akka.actor.serialization-settings.hyperion.known-types-provider =
          "Akka.Serialization.NoKnownTypes, Akka.Serialization.Hyperion"
        akka.actor.serialization-bindings {
          "System.Version, System.Private.CoreLib" = hyperion
          "Gossip.Akka.Remoting.LineMessage, Gossip.Akka" = json
        }
        """;

    private readonly CancellationTokenSource _late = new(TimeSpan.FromSeconds(30));
    private readonly RemoteSystems _systems = new();
    private readonly EcKeys _one = EcKeys.Generate();
    private readonly EcKeys _other = EcKeys.Generate();
    private readonly ActorSystem _at1;
    private readonly ActorSystem _at2;
    private IListener _listener = null!;

    public HostileTests() => (_at1, _at2) = (_systems.Start(), _systems.Start());

    private CancellationToken Stop => _late.Token;

    public async Task InitializeAsync() =>
        _listener = await Transport(_at2, _other).ListenAsync("127.0.0.1:0", Stop);

    public async Task DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _systems.DisposeAsync();
        _one.Dispose();
        _other.Dispose();
        _late.Dispose();
    }

    [Fact]
    public async Task Who_signs_with_another_key_than_it_names_is_refused()
    {
        using var forger = EcKeys.Generate();
        var transport = Transport(_at1, new FalseKeys(_one.Self, forger));

        await using var dialled = await transport.DialAsync(_listener.Address, Stop);

        // The dialler proves last: that it is not believed ends its line.
        var end = await Assert.ThrowsAsync<TransportException>(
            async () => await dialled.ReceiveAsync(Stop));
        Assert.Contains("does not take the key", end.Message, StringComparison.Ordinal);
        await CountedAsync(LineRefusal.BadProof);
        await AssertPeersGoOnAsync();
    }

    [Fact]
    public async Task A_door_that_signs_with_another_key_is_refused()
    {
        using var forger = EcKeys.Generate();
        var at = _systems.Start();
        await using var false3 = await Transport(at, new FalseKeys(_other.Self, forger))
            .ListenAsync("127.0.0.1:0", Stop);

        var refusal = await Assert.ThrowsAsync<TransportException>(
            () => Transport(_at1, _one).DialAsync(false3.Address, Stop));

        Assert.Contains("did not prove its key", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, LineRefusals.Of(_at1).Count(LineRefusal.BadProof));
        await AssertPeersGoOnAsync();
    }

    [Fact]
    public async Task A_proof_counts_once()
    {
        var stranger = new Stranger(_systems.Start());
        using var secret = new LineSecret();
        var knock = stranger.NewKnock(_one, secret);
        var (_, proof, _) = await ShakeAsync(stranger, knock, null);
        await using (await _listener.AcceptAsync(Stop))
        {
            await ShakeAsync(stranger, knock, proof);

            var (refused, _) = await stranger.HearAsync<Refused>(Stop);
            Assert.Equal(LineRefusal.BadProof, (LineRefusal)refused.Why);
        }

        await CountedAsync(LineRefusal.BadProof);
        await AssertPeersGoOnAsync();
    }

    [Fact]
    public async Task A_gap_breaks_the_line_and_says_so()
    {
        var stranger = new Stranger(_systems.Start());
        using var secret = new LineSecret();
        var (line, _, keys) = await ShakeAsync(
            stranger, stranger.NewKnock(_one, secret), null, secret);
        await using var accepted = await _listener.AcceptAsync(Stop);
        var cipher = new LineCipher(keys);

        line.Tell(cipher.Seal(ChunkKind.Data, 1, new byte[8]), stranger.Self);

        var end = await Assert.ThrowsAsync<TransportException>(
            async () => await accepted.ReceiveAsync(Stop));
        Assert.Contains("Akka.Remote lost", end.Message, StringComparison.Ordinal);
        await CountedAsync(LineRefusal.OutOfSequence);
        await AssertPeersGoOnAsync();
    }

    [Fact]
    public async Task Half_open_knocks_are_bounded_and_delay_nobody()
    {
        var at = _systems.Start();
        var sizes = new GossipSizes { HandshakesMax = 4 };
        await using var door = await new RemoteTransport(
            at, _other, new(), sizes, TimeProvider.System).ListenAsync("127.0.0.1:0", Stop);
        var stranger = new Stranger(_systems.Start());
        using var secret = new LineSecret();
        for (var i = 0; i < 10; i++)
        {
            stranger.DoorOf(at).Tell(stranger.NewKnock(_one, secret), stranger.Self);
        }

        for (var i = 0; i < 6; i++)
        {
            var (refused, _) = await stranger.HearAsync<Refused>(Stop);
            Assert.Equal(LineRefusal.NoRoom, (LineRefusal)refused.Why);
        }

        var status = door.Limits.Single(l => l.Limit == LimitKind.Handshakes);
        Assert.Equal((4, 6), (status.Use, status.Rejected));
        await using var dialled = await Transport(_at1, _one).DialAsync(door.Address, Stop);
    }

    [Fact]
    public async Task Messages_of_other_types_are_refused_at_the_door_and_on_a_line()
    {
        await using var link = await LinkAsync();
        var stranger = new Stranger(_systems.Start(Careless));
        var line = stranger.Find(await LineAtAsync(_at2), _at2);
        using var secret = new LineSecret();
        foreach (var target in (IActorRef[])[stranger.DoorOf(_at2), line])
        {
            target.Tell("text", stranger.Self);
            target.Tell(new Uri("http://anywhere/"), stranger.Self);
            target.Tell(stranger.NewKnock(_one, secret), stranger.Self);
            target.Tell(new Version(1, 2), stranger.Self);
            target.Tell(new Status.Failure(new InvalidOperationException()), stranger.Self);
            target.Tell(PoisonPill.Instance, stranger.Self);
        }

        await CountedAsync(LineRefusal.Unexpected, 2);
        await CountedAsync(LineRefusal.Polymorphic, 2 * 4);
        await CountedAsync(LineRefusal.WrongShape, 2);
        await link.CheckAsync(Stop);
        await AssertPeersGoOnAsync();
    }

    [Fact]
    public async Task No_peer_suspends_or_stops_an_actor_of_another_system()
    {
        await using var link = await LinkAsync();
        var stranger = new Stranger(_systems.Start(Careless));
        var door = (IInternalActorRef)stranger.DoorOf(_at2);

        door.SendSystemMessage(new Suspend());

        await CountedAsync(LineRefusal.Polymorphic);
        await link.CheckAsync(Stop);
        await AssertPeersGoOnAsync();
    }

    [Fact]
    public async Task Who_is_not_the_peer_is_not_heard_on_its_line()
    {
        await using var link = await LinkAsync();
        var (line1, line2) = (await LineAtAsync(_at1), await LineAtAsync(_at2));
        var stranger = new Stranger(_systems.Start());
        var (victim, peer) = (stranger.Find(line2, _at2), stranger.Find(line1, _at1));
        var cipher = new LineCipher(new byte[LineCipher.KeyBytes]);
        var credit = cipher.Seal(ChunkKind.Credit, 0, [0, 1, 0, 0]);

        victim.Tell(credit, stranger.Self);
        victim.Tell(credit, peer);
        victim.Tell(new byte[LineLimits.ChunkBytesMax + 1000], peer);
        victim.Tell(Array.Empty<byte>(), peer);
        victim.Tell(cipher.Seal(ChunkKind.End, 0, []), peer);

        await CountedAsync(LineRefusal.Stranger);
        await CountedAsync(LineRefusal.WrongSize, 2);
        await CountedAsync(LineRefusal.Unauthentic, 2);
        await link.CheckAsync(Stop);
    }

    private static RemoteTransport Transport(ActorSystem system, IKeys keys) =>
        new(system, keys, new(), new(), TimeProvider.System);

    private static async Task<IActorRef> LineAtAsync(ActorSystem system) =>
        await system.ActorSelection("/user/gossip-line-*").ResolveOne(TimeSpan.FromSeconds(5));

    /// <summary>Knocks, and proves what it should, or says an old proof again.</summary>
    private async Task<(IActorRef Line, Proof Proof, byte[] Keys)> ShakeAsync(
        Stranger stranger,
        Knock knock,
        Proof? old,
        LineSecret? secret = null)
    {
        stranger.DoorOf(_at2).Tell(knock, stranger.Self);
        var (welcome, line) = await stranger.HearAsync<Welcome>(Stop);
        var handshake = stranger.Handshake(knock, welcome, line);
        Assert.True(handshake.IsDoor(_one, welcome.Signature));
        var proof = old ?? new Proof(handshake.ProveDialler(_one));
        line.Tell(proof, stranger.Self);
        var keys = secret?.Agree(welcome.Share, handshake.Transcript)?.FromDialler;
        return (line, proof, keys ?? []);
    }

    private async Task<HostileLink> LinkAsync()
    {
        var dialled = await Transport(_at1, _one).DialAsync(_listener.Address, Stop);
        return new(dialled, await _listener.AcceptAsync(Stop));
    }

    private async Task CountedAsync(LineRefusal why, long count = 1)
    {
        await Cluster.UntilAsync(
            () => Task.FromResult(LineRefusals.Of(_at2).Count(why) >= count),
            () => $"{why}: {LineRefusals.Of(_at2).Count(why)} instead of {count}");
        Assert.Equal(count, LineRefusals.Of(_at2).Count(why));
    }

    private async Task AssertPeersGoOnAsync()
    {
        await using var link = await LinkAsync();
        await link.CheckAsync(Stop);
    }

    /// <summary>Names one key and signs with another.</summary>
    private sealed class FalseKeys(Did named, EcKeys own) : IKeys
    {
        public Did Self => named;

        public byte[] Sign(EntryId id) => own.Sign(id);

        public bool Verify(Did author, EntryId id, ReadOnlySpan<byte> signature) =>
            own.Verify(author, id, signature);
    }

    private sealed record HostileLink(IConnection Dialled, IConnection Accepted) : IAsyncDisposable
    {
        public async Task CheckAsync(CancellationToken stop)
        {
            await Dialled.SendAsync([new byte[] { 1, 2 }], stop);
            Assert.Equal([1, 2], (await Accepted.ReceiveAsync(stop))!.Value.ToArray());
            await Accepted.SendAsync([new byte[] { 3 }], stop);
            Assert.Equal([3], (await Dialled.ReceiveAsync(stop))!.Value.ToArray());
        }

        public async ValueTask DisposeAsync() => await Task.WhenAll(
            Dialled.DisposeAsync().AsTask(), Accepted.DisposeAsync().AsTask());
    }
}
