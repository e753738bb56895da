using Gossip.Host.Commands;

namespace Gossip.Crash;

/// <summary>
/// Kills nodes under load, again and again, and brings each back: on its data, or without. Then: is
/// everything that was acknowledged everywhere, once, under one number?
/// </summary>
internal sealed class CrashRun : IDisposable
{
    private const int KillsPerNote = 25;

    private readonly CrashSettings _settings;
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Promises _promises = new();
    private readonly Toll _toll = new();
    private readonly CrashNode[] _nodes;
    private readonly Load _load;
    private readonly Recovery _recovery;
    private readonly Revival _revival;
    private readonly Healing _healing;
    private Audit _audit = new([]);
    private int _restarts;
    private int _destroys;

    public CrashRun(CrashSettings settings, Terminal terminal, TimeProvider time)
    {
        (_settings, _terminal, _time) = (settings, terminal, time);
        _started = time.GetTimestamp();
        _nodes = CrashNode.Create(settings, Log, time);
        _load = new(settings, _promises, time);
        _recovery = new(settings, _promises, time);
        _revival = new(settings, _load, _recovery, time);
        _healing = new(_nodes, settings, time);
    }

    public NodeLog Log { get; } = new();

    /// <summary>What a person should see first when something is odd.</summary>
    public IEnumerable<string> Oddities =>
    [
        .. _recovery.Findings,
        .. _healing.Findings,
        .. _audit.Findings,
        .. _nodes.Select(node => node.Subscriber.Finding).OfType<string>(),
        .. _nodes.Select(node => node.Named.Finding).OfType<string>(),
        .. Log.Alarms,
        .. _toll.Refusals.Select(refusal => $"first refusal of its kind: {refusal}"),
    ];

    /// <param name="destroyed">
    /// Receipts that a node gives alone before its data are deleted: a control, which must be seen.
    /// </param>
    /// <param name="stop">Gives up.</param>
    public async Task<CrashReport> RunAsync(int destroyed, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAll(_nodes.Select(node => _revival.StartAsync(node, ended.Token)));
        Say($"{_nodes.Length} nodes run and acknowledge; seed {_settings.Seed}");
        await KillAsync(ended);
        await ended.CancelAsync();
        await Task.WhenAll(_nodes.Select(node => node.Life.Publishing));
        var loadSeconds = Elapsed;
        Say($"no more load, {_promises.Acknowledged} acknowledged; waiting for equal roots");
        var comparison = new Comparison(_nodes, _settings, _time);
        await comparison.ConvergeAsync(_promises.Acknowledged, stop);
        if (destroyed > 0)
        {
            await DestroyAsync(_nodes[^1], destroyed, stop);
            await comparison.ConvergeAsync(_promises.Acknowledged, stop);
        }

        return await ReportAsync(comparison, loadSeconds, stop);
    }

    public void Dispose()
    {
        _healing.Dispose();
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }

    private double Elapsed => Math.Round(_time.GetElapsedTime(_started).TotalSeconds, 3);

    /// <summary>One failure ends them all.</summary>
    private async Task KillAsync(CancellationTokenSource ended)
    {
        var fates = new Fates(_settings, _nodes);
        var killers = Enumerable.Range(0, _settings.DownMax).Select(async i =>
        {
            try
            {
                var killer = new Killer(
                    _settings, fates, _revival, _healing, _toll, new(_settings.Seed + i), _time);
                await killer.RunAsync(Killed, ended.Token);
            }
            catch
            {
                await ended.CancelAsync();
                throw;
            }
        });
        await Task.WhenAll(killers);
    }

    private void Killed(Fate fate)
    {
        ref var counter = ref fate == Fate.Restart ? ref _restarts : ref _destroys;
        Interlocked.Increment(ref counter);
        var kills = Volatile.Read(ref _restarts) + Volatile.Read(ref _destroys);
        if (kills % KillsPerNote == 0)
        {
            Say($"{kills} kills, {_promises.Acknowledged} acknowledged");
        }
    }

    /// <summary>A control: promises that only one node knows, and then none.</summary>
    private async Task DestroyAsync(CrashNode node, int count, CancellationToken stop)
    {
        await node.KillAsync(stop);
        await node.StartAsync(isAlone: true, _settings.Deadline);
        await _load.PublishAsync(node, count);
        await node.KillAsync(stop);
        var promised = node.Promised;
        await node.DestroyAsync(Fate.LoseAll);
        await node.StartAsync(isAlone: false, _settings.Deadline);
        await _recovery.RememberAsync(node, promised, stop);
        node.Subscriber.Follow(node.Life);
        node.Named.Follow(node.Life);
        Say($"deleted the data of node {node.Index + 1}, which alone held {count} payloads");
    }

    private async Task<CrashReport> ReportAsync(
        Comparison comparison, double loadSeconds, CancellationToken stop)
    {
        _audit = new(_promises.All);
        var following = new Following(_settings, _time);
        foreach (var node in _nodes)
        {
            await _toll.CountAsync(node, stop);
            _audit.NextNode();
            following.NextNode();
            await _recovery.ReadAsync(node.Client, 0, long.MaxValue, page =>
            {
                _audit.Read(page);
                following.Read(page);
            }, stop);
            await following.CompareAsync(node, stop);
        }

        _audit.Conclude();
        Say($"{_promises.Acknowledged / loadSeconds:F0} acknowledged a second under kills");
        return Report(comparison, following);
    }

    private CrashReport Report(Comparison comparison, Following following) => new(
        _restarts, _nodes.Length, _promises.Acknowledged, _audit.Lost, _audit.Duplicates,
        _promises.NumbersReused, _audit.Phantoms, _audit.UnknownOutcomes, Elapsed,
        comparison.Roots,
        _promises.Acknowledged < CrashSettings.AcknowledgedPerKillMin * _settings.KillsInAll
            || 2 * _toll.MidPublish < _settings.KillsInAll)
    {
        Destroys = _destroys,
        Acks = _settings.Acks,
        Converged = comparison.HasConverged,
        UnknownPublished = _audit.UnknownPublished,
        Retried = _load.Retried,
        Repeated = _load.Repeated,
        AcksMissing = _load.AcksMissing,
        Unheld = _load.Unheld,
        Delivered = _nodes.Sum(node => node.Subscriber.Delivered),
        SubscriberDuplicates = _nodes.Sum(node => node.Subscriber.Duplicates),
        SubscriberJumps = _nodes.Sum(node => node.Subscriber.Jumps),
        SubscribersWrong = following.Wrong,
        NamedCameAgain = _nodes.Sum(node => node.Named.CameAgain),
        NamedWrong = _nodes.Sum(node => node.Named.Wrong),
        Misplaced = _audit.Misplaced,
        Forgotten = _recovery.Forgotten,
        NotBack = _recovery.Findings.Count + _healing.Findings.Count,
        Unanswered = _load.Unanswered,
        Closures = comparison.Closures,
        Logs = comparison.Logs,
        KillsMidPublish = _toll.MidPublish,
        KillsWhileStarting = _toll.WhileStarting,
        RestartP50Ms = Math.Round(_revival.MedianTime.TotalMilliseconds),
        RestartMaxMs = Math.Round(_revival.LongestTime.TotalMilliseconds),
        Refused = _load.Refused,
        Counters = _toll.Counters,
        LogLines = Log.Counts,
    };

    private void Say(string step) => _terminal.Note($"{Elapsed,6:F1} s  {step}");
}
