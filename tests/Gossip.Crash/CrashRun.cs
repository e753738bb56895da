using Gossip.Host.Api;
using Gossip.Host.Commands;

namespace Gossip.Crash;

/// <summary>
/// Kills nodes under load, again and again, and brings each back on its data. Then: is everything
/// that was acknowledged everywhere, once, under one number?
/// </summary>
internal sealed class CrashRun : IDisposable
{
    private const int KillsPerNote = 10;

    private readonly CrashSettings _settings;
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly long _started;
    private readonly Promises _promises = new();
    private readonly SortedDictionary<string, long> _counters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refusals = new(StringComparer.Ordinal);
    private readonly List<double> _restarts = [];
    private readonly CrashNode[] _nodes;
    private readonly Load _load;
    private readonly Recovery _recovery;
    private string[] _findings = [];
    private int _kills;
    private int _killsWhileStarting;

    public CrashRun(CrashSettings settings, Terminal terminal, TimeProvider time)
    {
        (_settings, _terminal, _time) = (settings, terminal, time);
        _random = new(settings.Seed);
        _started = time.GetTimestamp();
        _nodes = CreateNodes();
        _load = new(settings, _promises, time);
        _recovery = new(settings, _promises, time);
    }

    public NodeLog Log { get; } = new();

    /// <summary>What a person should see first when something is odd.</summary>
    public IEnumerable<string> Oddities =>
    [
        .. _recovery.Findings,
        .. _findings,
        .. Log.Alarms,
        .. _refusals.Values.Select(refusal => $"first refusal of its kind: {refusal}"),
    ];

    /// <param name="destroyed">
    /// Receipts that a node gives alone before its data are deleted: a control, which must be seen.
    /// </param>
    /// <param name="stop">Gives up.</param>
    public async Task<CrashReport> RunAsync(int destroyed, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAll(_nodes.Select(node => StartAsync(node, ended.Token)));
        Say($"{_nodes.Length} nodes run and acknowledge; seed {_settings.Seed}");
        while (_kills < _settings.Kills)
        {
            await KillOneAsync(ended.Token);
        }

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
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }

    private double Elapsed => Math.Round(_time.GetElapsedTime(_started).TotalSeconds, 3);

    private CrashNode[] CreateNodes()
    {
        var ports = Ports.Find(_settings.Nodes, _random);
        string[] addresses = [.. ports.Select(port => $"127.0.0.1:{port}")];
        return [.. addresses.Select((address, index) => new CrashNode(
            index,
            Path.Combine(_settings.Directory, $"node-{index + 1}"),
            address,
            [.. addresses.Except([address])],
            Log,
            _time))];
    }

    /// <summary>Up, publishing again, and with everything it promised before.</summary>
    private async Task StartAsync(CrashNode node, CancellationToken ended)
    {
        var started = _time.GetTimestamp();
        await node.StartAsync(isAlone: false, _settings.Deadline);
        var life = node.Life;
        life.Publishing = _load.PublishAsync(life, ended);
        await _recovery.RememberAsync(node, ended);
        await _recovery.ShowAsync(node, ended);
        await ReceiptAsync(node, ended);
        lock (_restarts)
        {
            _restarts.Add(_time.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private async Task ReceiptAsync(CrashNode node, CancellationToken stop)
    {
        try
        {
            await node.Life.FirstReceipt.WaitAsync(_settings.Deadline, _time, stop);
        }
        catch (TimeoutException)
        {
            throw CommandException.Failed("not-back",
                $"Node {node.Index + 1} runs, but acknowledged nothing for "
                + $"{_settings.Deadline.TotalSeconds:F0} s.");
        }
    }

    private async Task KillOneAsync(CancellationToken stop)
    {
        var victim = _nodes[_random.Next(_nodes.Length)];
        await ReceiptAsync(victim, stop);
        await CountAsync(victim, stop);
        await Task.Delay(_random.NextDouble() * _settings.KillDelayMax, _time, stop);
        await victim.KillAsync(stop);
        _kills++;
        if (_random.Next(_settings.KillStartOneIn) == 0)
        {
            // Also in the midst of a recovery: from the first instruction to the first receipt.
            await victim.StartAndKillAsync(_random.NextDouble() * StartMax(), stop);
            _killsWhileStarting++;
        }

        await StartAsync(victim, stop);
        if (_kills % KillsPerNote == 0)
        {
            Say($"{_kills} kills, {_promises.Acknowledged} acknowledged");
        }
    }

    private TimeSpan StartMax() => TimeSpan.FromMilliseconds(_restarts.Order().ElementAt(
        _restarts.Count / 2));

    /// <summary>A control: promises that only one node knows, and then none.</summary>
    private async Task DestroyAsync(CrashNode node, int count, CancellationToken stop)
    {
        await node.KillAsync(stop);
        await node.StartAsync(isAlone: true, _settings.Deadline);
        await _load.PublishAsync(node.Life, count);
        await node.KillAsync(stop);
        Directory.Delete(node.Directory, recursive: true);
        await node.StartAsync(isAlone: false, _settings.Deadline);
        await _recovery.RememberAsync(node, stop);
        Say($"deleted the data of node {node.Index + 1}, which alone held {count} payloads");
    }

    private async Task CountAsync(CrashNode node, CancellationToken stop)
    {
        var status = await node.Client.GetAsync("/status", ApiJson.Shared.StatusShape, stop);
        foreach (var refusal in status.RecentRefusals)
        {
            _refusals.TryAdd(refusal.Split(':')[0], $"node {node.Index + 1}: {refusal}");
        }

        foreach (var (name, value) in status.Counters.Where(counter => counter.Value != 0))
        {
            _counters[name] = _counters.GetValueOrDefault(name) + value;
        }
    }

    private async Task<CrashReport> ReportAsync(
        Comparison comparison, double loadSeconds, CancellationToken stop)
    {
        var readings = new List<EntryShape[]>();
        foreach (var node in _nodes)
        {
            await CountAsync(node, stop);
            readings.Add(await _recovery.ReadAsync(node.Client, 0, long.MaxValue, stop));
        }

        var audit = new Audit(_promises.All, readings);
        _findings = [.. audit.Findings];
        Say($"{_promises.Acknowledged / loadSeconds:F0} acknowledged a second under kills");
        return new(
            _kills, _nodes.Length, _promises.Acknowledged, audit.Lost, audit.Duplicates,
            _promises.NumbersReused, audit.Phantoms, audit.UnknownOutcomes, Elapsed,
            comparison.Roots,
            _promises.Acknowledged < CrashSettings.AcknowledgedPerKillMin * _kills)
        {
            Converged = comparison.HasConverged,
            UnknownPublished = audit.UnknownPublished,
            Misplaced = audit.Misplaced,
            Forgotten = _recovery.Forgotten,
            NotBack = _recovery.Findings.Count,
            Unanswered = _load.Unanswered,
            Closures = comparison.Closures,
            Logs = comparison.Logs,
            KillsWhileStarting = _killsWhileStarting,
            RestartP50Ms = Math.Round(StartMax().TotalMilliseconds),
            RestartMaxMs = Math.Round(_restarts.Max()),
            Refused = _load.Refused,
            Counters = _counters,
            LogLines = Log.Counts,
        };
    }

    private void Say(string step) => _terminal.Note($"{Elapsed,6:F1} s  {step}");
}
