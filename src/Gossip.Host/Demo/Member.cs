using Gossip.Host.Client;

namespace Gossip.Host.Demo;

/// <summary>
/// One node of the demo's cluster through its lives: the same data, address and API.
/// </summary>
internal sealed class Member(
    int index, string directory, string listen, string advertise, string[] bootstrap)
    : IDisposable
{
    // Earlier lives' too: requests to them must end by themselves, to tell their outcome.
    private readonly List<NodeClient> _clients = [];

    private ChildNode? _child;

    public int Index => index;

    /// <summary>What the others dial.</summary>
    public string Address => advertise;

    public NodeClient? Client { get; private set; }

    /// <summary>Completes when the node answers; replaced when it is killed.</summary>
    public TaskCompletionSource Up { get; private set; } = NewUp();

    public IEnumerable<string> LastLog => _child?.LastLog ?? [];

    public async Task StartAsync(DemoSettings settings, TimeProvider time)
    {
        List<string> arguments =
        [
            index == 0 ? "seed" : "member",
            "--data", directory,
            "--listen", listen,
            "--api", "127.0.0.1:0",
            "--topic", DemoSettings.Topic,
            "--network", "demo",
            "--advertise", advertise,
        ];
        foreach (var address in bootstrap)
        {
            arguments.AddRange(["--bootstrap", address]);
        }

        _child?.Dispose();
        _child = ChildNode.Start(arguments);
        var ready = await _child.ReadyAsync(settings.ReadyTimeout, time);
        Client = new NodeClient(ready.Api);
        _clients.Add(Client);
        Up.TrySetResult();
    }

    public async Task KillAsync(CancellationToken stop)
    {
        Up = NewUp();
        await _child!.KillAsync(stop);
    }

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _child?.Dispose();
    }

    private static TaskCompletionSource NewUp() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
