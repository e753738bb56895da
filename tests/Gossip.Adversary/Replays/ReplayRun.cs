using System.Diagnostics;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Wire;
using Gossip.Tests.Hostile;
using Gossip.Tests.Nodes;

namespace Gossip.Adversary.Replays;

/// <summary>
/// Records every frame of a session between two honest nodes, and says all of it again: on the
/// same connection, on another, as another peer, and after either node was restarted.
/// </summary>
internal sealed class ReplayRun : IAsyncDisposable
{
    /// <summary>Both dial, greet, and compare in well under this.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    private readonly Cluster _cluster = new();
    private GossipNode _one = null!;
    private GossipNode _other = null!;
    private int _payloads;

    private ReplayRun()
    {
    }

    /// <param name="entries">That each of the two writes while it is recorded.</param>
    public static async IAsyncEnumerable<Verdict> RunAsync(int entries)
    {
        await using var run = new ReplayRun();
        run._one = await run._cluster.StartAsync("one", null);
        run._other = await run._cluster.StartAsync("other", null);
        await using var middle = await Middle.BetweenAsync(run._one, run._other);
        await run.FillAsync(entries);
        middle.EndPassing();
        var session = new Recording(middle);

        yield return await run.TryAsync("same connection", session.Words, session.RepeatAsync);
        yield return await run.TryAsync(
            "same connection, with its hello", session.Words + 2,
            () => middle.RepeatAsync(session.ToOne, session.ToOther));
        foreach (var verdict in await run.ElsewhereAsync("both nodes run on", session))
        {
            yield return verdict;
        }

        run._one = await run.RestartAsync(run._one, "one");
        foreach (var verdict in await run.ElsewhereAsync("the first node restarted", session))
        {
            yield return verdict;
        }

        yield return await run.WelcomeAsync();
        foreach (var verdict in await run.ElsewhereAsync("both nodes restarted", session))
        {
            yield return verdict;
        }
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    /// <summary>Entries, retries under a key, and a round that finds both equal.</summary>
    private async Task FillAsync(int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            await Cluster.PublishAsync(_one, $"one {i}");
            await Cluster.PublishAsync(_other, $"other {i}");
        }

        await State.BarrierAsync(_one);
        await State.BarrierAsync(_other);
        _payloads = (2 * entries) + 2;
        await Cluster.ConvergeAsync(_payloads, _one, _other);
        await _one.SyncAsync(null, CancellationToken.None);
    }

    private async Task<IReadOnlyList<Verdict>> ElsewhereAsync(string when, Recording session) =>
    [
        await TryAsync($"another connection; {when}", session.Words + 2,
            () => RawAsync(session, session.Keys)),
        await TryAsync($"another peer; {when}", session.Words + 2,
            () => RawAsync(session, EcKeys.Generate())),
        await TryAsync($"told anew, same key; {when}", session.Words,
            () => RetellAsync(session, session.Keys)),
        await TryAsync($"told anew, another peer; {when}", session.Words,
            () => RetellAsync(session, EcKeys.Generate())),
    ];

    private async Task<Verdict> TryAsync(string name, int frames, Func<Task> replayAsync)
    {
        await Cluster.ConvergeAsync(_payloads, _one, _other);
        var (one, other) = (await State.OfAsync(_one), await State.OfAsync(_other));
        var faults = new List<string>();
        try
        {
            await replayAsync();
        }
        catch (TimeoutException e)
        {
            faults.Add(e.Message);
        }

        faults.AddRange((await State.OfAsync(_one)).ChangesSince(one));
        faults.AddRange((await State.OfAsync(_other)).ChangesSince(other));
        return new(name, $"{frames} frames", "nothing changes", true,
            $"{one.Texts.Count} payloads as before", faults);
    }

    /// <summary>The frames as they were, hello and all.</summary>
    private async Task RawAsync(Recording session, EcKeys keys)
    {
        foreach (var (node, frames) in session.Both(_one, _other))
        {
            await using var peer = await HostilePeer.ConnectAsync(node, keys);
            peer.Listen();
            await peer.TrySendAsync([.. frames]);
            await Cluster.UntilAsync(
                () => Task.FromResult(peer.Heard.Count > 0 || peer.IsEnded), () => "no answer");
        }
    }

    /// <summary>The same messages under this link's names: what an attacker would do.</summary>
    private async Task RetellAsync(Recording session, EcKeys keys)
    {
        foreach (var (node, frames) in session.Both(_one, _other))
        {
            await using var peer = await HostilePeer.MeetAsync(node, keys);
            foreach (var message in frames.Select(session.Read).OfType<GossipMessage>())
            {
                await peer.SayAsync(message);
            }

            await peer.FlushAsync();
        }
    }

    private async Task<GossipNode> RestartAsync(
        GossipNode node, string name, params GossipNode[] bootstrap)
    {
        await _cluster.StopAsync(node);
        return await _cluster.StartAsync(name, null, bootstrap);
    }

    /// <summary>A restarted honest peer is taken at once, under its new instance.</summary>
    private async Task<Verdict> WelcomeAsync()
    {
        _other = await RestartAsync(_other, "other", _one);
        var watch = Stopwatch.StartNew();
        var before = _one.Status().Counters;
        var id = (await Cluster.PublishAsync(_other, "back again"))[0].Entry;
        _payloads++;
        var faults = new List<string>();
        if (!await Ground.TryAsync(async () =>
            await _one.FindAsync(id, CancellationToken.None) is not null)
            || watch.Elapsed > AtOnce)
        {
            faults.Add($"what it wrote arrived only after {watch.Elapsed.TotalSeconds:F1} s");
        }

        var seconds = watch.Elapsed.TotalSeconds;
        faults.AddRange(_one.Status().Counters
            .Where(c => c.Key.StartsWith("refused.", StringComparison.Ordinal)
                && c.Value > before[c.Key])
            .Select(c => $"{c.Key} grew"));
        return new("honest peer, restarted", "dials and publishes", "taken at once", false,
            $"its entry arrived after {seconds:F3} s", faults);
    }
}

/// <summary>What was recorded, and how it can be told again.</summary>
internal sealed class Recording(Middle middle)
{
    public EcKeys Keys => middle.Keys;

    public IReadOnlyList<byte[]> ToOne { get; } = middle.ToOne;

    public IReadOnlyList<byte[]> ToOther { get; } = middle.ToOther;

    /// <summary>Frames without the hellos.</summary>
    public int Words => ToOne.Count + ToOther.Count - 2;

    public Task RepeatAsync() => middle.RepeatAsync(ToOne.Skip(1), ToOther.Skip(1));

    public IEnumerable<(GossipNode Node, IReadOnlyList<byte[]> Frames)> Both(
        GossipNode one, GossipNode other) => [(one, ToOne), (other, ToOther)];

    /// <summary>Null for what each link says anew: hellos and subscriptions.</summary>
    public GossipMessage? Read(byte[] frame) =>
        MessageCodec.Decode(frame, middle.Names, new GossipSizes())
            is DecodeResult.Read(var message, _)
            && message is not (GossipMessage.Hello or GossipMessage.Subscribe
                or GossipMessage.Goodbye)
            ? message
            : null;
}
