using Gossip.Host.Api;
using Gossip.Host.Commands;

namespace Gossip.Host.Demo;

/// <summary>
/// Shows convergence with real processes: publish through all nodes, kill one under load and bring
/// it back, cut all off from one another and heal that, then compare roots and every payload.
/// </summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly DemoSettings _settings;
    private readonly TimeProvider _time;
    private readonly Publications _publications;
    private readonly Progress _progress;
    private readonly Relay[] _relays;
    private readonly Member[] _members;
    private readonly Load _load;

    public DemoRun(DemoSettings settings, Terminal terminal, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _publications = new(settings.Lines);
        _progress = new(terminal, _publications, time);
        using var free = new FreeAddresses(settings.Nodes);
        _relays = [.. Enumerable.Range(0, settings.Nodes).Select(i => new Relay(free[i]))];
        _members = Members(free);
        _load = new(_members, _publications, time);
    }

    public IEnumerable<Member> Nodes => _members;

    public async Task<DemoReport> RunAsync(CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ticking = _progress.RunAsync(ended.Token);
        try
        {
            return await RunStepsAsync(stop);
        }
        finally
        {
            await ended.CancelAsync();
            await ticking;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            member.Dispose();
        }

        foreach (var relay in _relays)
        {
            await relay.DisposeAsync();
        }
    }

    private async Task<DemoReport> RunStepsAsync(CancellationToken stop)
    {
        await StartAsync(stop);
        var twoThirds = _publications.Count * 2 / 3;
        _progress.Say($"publishing {_publications.Count} lines through all nodes");
        var publishing = _load.PublishAsync(..twoThirds, stop);
        await KillOneAsync(publishing, stop);
        await publishing;
        await CutOffAsync(stop);
        await _load.PublishAsync(twoThirds.., stop);
        await HealAsync(stop);
        return await CompareAsync(stop);
    }

    /// <summary>The seed first; each is reached through a relay, whoever dials it.</summary>
    private Member[] Members(FreeAddresses free)
    {
        var members = new Member[_settings.Nodes];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = new(
                i, Path.Combine(_settings.Directory, $"node-{i + 1}"), free[i].ToString(),
                _relays[i].Address, [.. members[..i].Select(member => member.Address)]);
        }

        return members;
    }

    private async Task StartAsync(CancellationToken stop)
    {
        await _members[0].StartAsync(_settings, _time);
        await Task.WhenAll(_members[1..].Select(member => member.StartAsync(_settings, _time)));
        if (_members.Length > 1 && !await ConnectedAsync(
            _members, connected => connected > 0, stop))
        {
            throw CommandException.Failed("not-connected",
                $"Not all nodes were connected within {_settings.ReadyTimeout.TotalSeconds:F0} s.");
        }

        _progress.Say($"{_members.Length} nodes run and are connected");
    }

    private async Task KillOneAsync(Task publishing, CancellationToken stop)
    {
        if (_members.Length < 2)
        {
            return;
        }

        var third = _publications.Count / 3;
        while (_publications.Acknowledged < third && !publishing.IsCompleted)
        {
            await Task.Delay(Pause, _time, stop);
        }

        var victim = _members[1];
        await victim.KillAsync(stop);
        _progress.Say($"killed node {victim.Index + 1} (SIGKILL) under load");
        await victim.StartAsync(_settings, _time);
        _progress.Say($"node {victim.Index + 1} is back on its data; "
            + $"{_publications.Unknown} lines have an unknown outcome");
    }

    private async Task CutOffAsync(CancellationToken stop)
    {
        if (_members.Length < 2)
        {
            return;
        }

        Array.ForEach(_relays, relay => relay.Cut());
        if (!await ConnectedAsync(_members, connected => connected == 0, stop))
        {
            throw NotCutOff();
        }

        _progress.Say("cut all nodes off from one another; publishing on all sides");
    }

    /// <summary>A partition that was none shows nothing, so it counts as a failure.</summary>
    private async Task HealAsync(CancellationToken stop)
    {
        if (_members.Length < 2)
        {
            return;
        }

        foreach (var member in _members)
        {
            var status = await member.Client!.GetAsync(
                "/status", ApiJson.Shared.StatusShape, stop);
            if (status.PeersConnected > 0)
            {
                throw NotCutOff();
            }
        }

        Array.ForEach(_relays, relay => relay.Heal());
        _progress.Say("healed the partition; waiting for equal roots");
    }

    private static CommandException NotCutOff() => CommandException.Failed("not-cut-off",
        "The nodes were not alone while they were cut off, so the partition shows nothing.");

    private async Task<DemoReport> CompareAsync(CancellationToken stop)
    {
        var verification = new Verification(_members, _publications, _time);
        var converged = await verification.ConvergeAsync(_settings.ConvergeTimeout, stop);
        await verification.ReadAsync(stop);
        if (converged && await ResolveAsync(verification, stop))
        {
            converged = await verification.ConvergeAsync(_settings.ConvergeTimeout, stop);
            await verification.ReadAsync(stop);
        }

        if (verification.Phantoms > 0)
        {
            throw CommandException.Failed("phantoms",
                $"{verification.Phantoms} payloads turned up that nobody published.");
        }

        return new(converged, _members.Length, verification.Published().LongCount(),
            verification.Lost(), verification.Duplicates(),
            Math.Round(_progress.Elapsed.TotalSeconds, 3), verification.Roots);
    }

    /// <summary>
    /// Unknown outcomes are known now: what is nowhere never arrived, and is sent again.
    /// </summary>
    private async Task<bool> ResolveAsync(Verification verification, CancellationToken stop)
    {
        var unknown = Enumerable.Range(0, _publications.Count)
            .Where(line => _publications.OutcomeOf(line) == Publications.Outcome.Unknown)
            .ToArray();
        var missing = unknown.Where(line => !verification.IsAnywhere(line)).ToArray();
        if (unknown.Length > 0)
        {
            _progress.Say($"of {unknown.Length} lines with an unknown outcome "
                + $"{unknown.Length - missing.Length} had been published; "
                + $"publishing the other {missing.Length} again");
        }

        foreach (var line in missing)
        {
            await _load.PublishAsync(line..(line + 1), stop);
        }

        return missing.Length > 0;
    }

    private async Task<bool> ConnectedAsync(
        Member[] members, Predicate<int> expected, CancellationToken stop)
    {
        var started = _time.GetTimestamp();
        while (_time.GetElapsedTime(started) < _settings.ReadyTimeout)
        {
            var statuses = await Task.WhenAll(members.Select(member => member.Client!.GetAsync(
                "/status", ApiJson.Shared.StatusShape, stop)));
            if (statuses.All(status => expected(status.PeersConnected)))
            {
                return true;
            }

            await Task.Delay(Pause, _time, stop);
        }

        return false;
    }
}
