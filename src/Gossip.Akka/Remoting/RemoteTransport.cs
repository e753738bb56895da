using Akka.Actor;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Address = Gossip.Actors.Transport.Address;
using AkkaAddress = Akka.Actor.Address;

namespace Gossip.Akka.Remoting;

/// <summary>
/// How do frames get from one actor system to another? Each connection is a pair of actors that
/// exchange sealed bytes over Akka.Remote; addresses stay host:port, those of the systems.
/// </summary>
/// <remarks>
/// All systems of one network have one name, as in a cluster, and <see cref="RemotingConfig"/>.
/// </remarks>
public sealed class RemoteTransport : ITransport
{
    private const string FrameSizeKey = "akka.remote.dot-netty.tcp.maximum-frame-size";
    private const string MailboxKey = $"{LineMailbox.OfLines}.{LineMailbox.BytesMaxKey}";
    private const string PortKey = "akka.remote.dot-netty.tcp.port";

    private readonly LineSettings _settings;
    private readonly AkkaAddress _own;
    private readonly int _port;

    /// <exception cref="TransportException">The system's remoting does not do, and why.</exception>
    public RemoteTransport(
        ActorSystem system,
        IKeys keys,
        GossipTimes times,
        GossipSizes sizes,
        TimeProvider time)
    {
        _settings = new(system, keys, times, sizes, time);
        _own = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        _port = system.Settings.Config.GetInt(PortKey, 0);
        if (_own.HasLocalScope)
        {
            throw new TransportException(
                $"The actor system {system.Name} has no remoting: set akka.actor.provider to "
                + "remote or cluster.");
        }

        var frameMax = system.Settings.Config.GetByteSize(FrameSizeKey, null);
        var needed = LineLimits.ChunkBytesMax + LineCipher.OverheadBytes + LineLimits.EnvelopeBytes;
        if (frameMax < needed)
        {
            throw new TransportException(
                $"{FrameSizeKey} is {frameMax}; a chunk of a frame needs at least {needed}.");
        }

        var mailboxMax = system.Settings.Config.GetByteSize(MailboxKey, null);
        var window = LineLimits.MailboxBytes(sizes);
        if (mailboxMax is null || mailboxMax < window)
        {
            throw new TransportException(
                $"{MailboxKey} is {mailboxMax}; frames of {sizes.FrameBytesMax} bytes need at "
                + $"least {window}.");
        }
    }

    /// <summary><c>line-refused.stranger</c> and so on; see <see cref="LineRefusal"/>.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counters => _settings.Refusals.Counts.Select(
        r => KeyValuePair.Create($"line-refused.{StatusBoard.Kebab(r.Key)}", r.Value));

    private string Own => new Address(_own.Host, _own.Port ?? 0).ToString();

    /// <summary>
    /// The system listens already, where its configuration says; this opens the door. The address
    /// is therefore the system's, or has port 0. What the system calls itself may be another one,
    /// where it is reached through something between.
    /// </summary>
    public Task<IListener> ListenAsync(string address, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var wanted = Address.Parse(address);
        if (wanted.Port != 0 && wanted.Port != _own.Port && wanted.Port != _port)
        {
            throw new TransportException(
                $"{address} cannot be listened on: this actor system's remoting is at {Own}. Set "
                + "akka.remote.dot-netty.tcp.hostname and port to the node's address.");
        }

        try
        {
            return Task.FromResult<IListener>(new RemoteListener(_settings, Own));
        }
        catch (InvalidActorNameException e)
        {
            throw new TransportException(
                $"{Own} is in use: another node of this actor system listens already.", e);
        }
        catch (InvalidOperationException e)
        {
            throw Terminated(e);
        }
    }

    public async Task<IConnection> DialAsync(string address, CancellationToken stop)
    {
        var (host, port) = Address.Parse(address);
        var (times, time) = (_settings.Times, _settings.Time);
        using var late = new CancellationTokenSource(times.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var opened = new TaskCompletionSource<Carrier>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        var line = Start(_own.WithHost(host).WithPort(port), address, opened);
        try
        {
            var carrier = await opened.Task.WaitAsync(either.Token).ConfigureAwait(false);
            return new FramedConnection(carrier, times, _settings.Sizes, time);
        }
        catch (OperationCanceledException e)
        {
            line.Tell(LineOrder.Close.Now);
            stop.ThrowIfCancellationRequested();
            throw new TransportException(
                $"{address} did not answer within {times.HandshakeTimeout}. Is it an actor system "
                + $"of the name {_own.System}, and is this the address it gives itself?",
                e);
        }
    }

    private IActorRef Start(
        AkkaAddress remote,
        string address,
        TaskCompletionSource<Carrier> opened)
    {
        var settings = _settings;
        try
        {
            return settings.Start(
                Props.Create(() => new DialledLine(settings, remote, address, opened)));
        }
        catch (InvalidOperationException e)
        {
            throw Terminated(e);
        }
    }

    private TransportException Terminated(Exception e) =>
        new($"The actor system {_own.System} is terminated: nothing is sent any more.", e);
}
