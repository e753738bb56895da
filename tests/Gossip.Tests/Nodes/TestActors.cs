using System.Collections.Concurrent;
using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Tests.Nodes;

/// <summary>Asks for too much, and goes on.</summary>
internal sealed class Greedy : TopicActor
{
    public override Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop)
    {
        if (entry.Payloads[0].Data.Length == 2)
        {
            var refused = Assert.Throws<GossipException>(
                () => Publish(new Payload(new byte[2_000_000])));
            Assert.Equal("payload-too-large", refused.Code);
            Publish(new Payload("fits"u8.ToArray()));
        }

        return Task.CompletedTask;
    }
}

/// <summary>Notes what it is given, keeps it as state, and may answer.</summary>
internal sealed class Scribe(ConcurrentQueue<string> calls, bool hasState = false) : TopicActor
{
    private readonly List<string> _state = [];

    public Func<string, string>? OnPayload { get; init; }

    public bool IsNew { get; init; }

    public string State
    {
        get
        {
            lock (_state)
            {
                return string.Join(',', _state);
            }
        }
    }

    public ConcurrentQueue<Closure> Closures { get; } = [];

    public override Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop)
    {
        foreach (var payload in entry.Payloads)
        {
            var text = Encoding.UTF8.GetString(payload.Data.Span);
            calls.Enqueue(text);
            lock (_state)
            {
                _state.Add(text);
            }

            if (OnPayload?.Invoke(text) is { Length: > 0 } answer)
            {
                Publish(new Payload(Encoding.UTF8.GetBytes(answer)));
                Publish(new Payload(Encoding.UTF8.GetBytes($"{answer}!")));
            }
        }

        return Task.CompletedTask;
    }

    public override Task OnClosedAsync(Closure closure, CancellationToken stop)
    {
        Closures.Enqueue(closure);
        return Task.CompletedTask;
    }

    public override ReadOnlyMemory<byte>? Snapshot() =>
        hasState ? Encoding.UTF8.GetBytes(State) : null;

    public override void Restore(ReadOnlyMemory<byte> snapshot)
    {
        if (IsNew)
        {
            throw new FormatException("an old format");
        }

        lock (_state)
        {
            _state.AddRange(Encoding.UTF8.GetString(snapshot.Span).Split(','));
        }
    }
}
