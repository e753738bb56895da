using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Gossip.Actors.Runtime;
using Gossip.Akka.Remoting;

namespace Gossip.Akka.Tests.Remoting;

public sealed class RemotingConfigTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RemoteSystems _systems = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _systems.DisposeAsync();

    [Fact]
    public async Task A_cluster_forms_although_nobody_is_trusted()
    {
        var nodes = Enumerable.Range(0, 3)
            .Select(_ => Cluster.Get(_systems.Start("akka.actor.provider = cluster"))).ToArray();
        using var late = new CancellationTokenSource(Patience);

        await Task.WhenAll(
            nodes.Select(node => node.JoinAsync(nodes[0].SelfAddress, late.Token)));

        await UntilAsync(() => nodes.All(
            node => node.State.Members.Count(m => m.Status == MemberStatus.Up) == 3
                && node.State.Unreachable.IsEmpty));
        await nodes[2].LeaveAsync(late.Token);
        await UntilAsync(() => nodes.Take(2).All(node => node.State.Members.Count == 2));
    }

    [Fact]
    public async Task A_cluster_forms_from_seed_nodes()
    {
        var first = Cluster.Get(_systems.Start("akka.actor.provider = cluster"));
        var seeds = $"akka.cluster.seed-nodes = [\"{first.SelfAddress}\"]";
        using var late = new CancellationTokenSource(Patience);
        await first.JoinAsync(first.SelfAddress, late.Token);

        var second = Cluster.Get(_systems.Start("akka.actor.provider = cluster\n" + seeds));

        await UntilAsync(() => second.State.Members.Count(m => m.Status == MemberStatus.Up) == 2);
    }

    [Fact]
    public async Task Without_a_certificate_of_its_own_nobody_speaks_to_a_system()
    {
        var system = _systems.Start();
        var at = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        Assert.Equal("akka.ssl.tcp", at.Protocol);
        using var socket = new TcpClient();
        await socket.ConnectAsync(at.Host!, at.Port!.Value);
        await using var tls = new System.Net.Security.SslStream(
            socket.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);
        using var late = new CancellationTokenSource(Patience);

        // In TLS 1.3 the client learns of it when it reads.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await tls.AuthenticateAsClientAsync("gossip");
            if (await tls.ReadAsync(new byte[1], late.Token) == 0)
            {
                throw new IOException("It hung up.");
            }
        });
        Assert.False(late.IsCancellationRequested);
    }

    [Fact]
    public async Task With_validation_on_a_self_signed_certificate_is_not_taken()
    {
        var strict = _systems.Start("akka.remote.dot-netty.tcp.ssl.suppress-validation = false");
        using var keys = EcKeys.Generate();
        using var late = new CancellationTokenSource(Patience);
        var listener = await new RemoteTransport(strict, keys, new(), new(), TimeProvider.System)
            .ListenAsync("127.0.0.1:0", late.Token);
        var other = new RemoteTransport(
            _systems.Start(), keys, new(), new(), TimeProvider.System);

        await Assert.ThrowsAsync<Gossip.Actors.Transport.TransportException>(
            () => other.DialAsync(listener.Address, late.Token));
        await listener.DisposeAsync();
    }

    [Fact]
    public void A_certificate_is_made_once_and_for_its_owner_alone()
    {
        var folder = Path.Combine(_systems.Folder, "node");
        var first = NodeCertificate.SelfSigned(folder);
        var path = Path.Combine(folder, NodeCertificate.FileName);
        var bytes = File.ReadAllBytes(path);

        Assert.Equal(first.ToString(), NodeCertificate.SelfSigned(folder).ToString());
        Assert.Equal(bytes, File.ReadAllBytes(path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.Throws<FileExposedException>(() => NodeCertificate.SelfSigned(folder));
        }
    }

    [Fact]
    public void An_issued_certificate_is_validated()
    {
        NodeCertificate.SelfSigned(_systems.Folder);
        var path = Path.Combine(_systems.Folder, NodeCertificate.FileName);

        var settings = NodeCertificate.Issued(path, "a \"quoted\\ password");

        var ssl = settings.GetConfig("akka.remote.dot-netty.tcp.ssl");
        Assert.False(ssl.GetBoolean("suppress-validation"));
        Assert.True(ssl.GetBoolean("require-mutual-authentication"));
        Assert.Equal("a \"quoted\\ password", ssl.GetString("certificate.password"));
        Assert.Throws<FileNotFoundException>(() => NodeCertificate.Issued(path + "x", ""));
    }

    private static Task UntilAsync(Func<bool> condition) =>
        Gossip.Tests.Nodes.Cluster.UntilAsync(
            () => Task.FromResult(condition()), () => "the cluster is another");
}
