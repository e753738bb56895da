using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>Which topic actors does this node run?</summary>
internal sealed class TopicActors(RunningNode node)
{
    /// <summary>Characters of a name: it stands in publish keys.</summary>
    private const int NameLengthMax = 64;

    private readonly ConcurrentDictionary<(TopicName Topic, string Name), Running> _running = new();
    private readonly CancellationTokenSource _stop = new();

    public ImmutableArray<TopicActorStatus> All =>
    [
        .. _running.Values.Select(r => r.Seat.Status)
            .OrderBy(s => s.Topic.Value, StringComparer.Ordinal)
            .ThenBy(s => s.Name, StringComparer.Ordinal),
    ];

    /// <exception cref="GossipException">actor-name, actor-exists, stopped.</exception>
    public void Attach(TopicActorRegistration registration)
    {
        var name = registration.Name;
        if (name.Length is < 1 or > NameLengthMax
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new GossipException(
                "actor-name",
                $"A topic actor's name is 1 to {NameLengthMax} of a-z, A-Z, 0-9, '-', '_', '.', "
                + $"not '{name}'.");
        }

        var topic = node.Topics.IdOf(registration.Topic);
        var running = new Running(new(registration, topic, node));
        if (!_running.TryAdd((registration.Topic, name), running))
        {
            throw new GossipException(
                "actor-exists", $"Topic '{registration.Topic}' already has an actor '{name}'.");
        }

        running.Life = Task.Run(() => running.Seat.RunAsync(_stop.Token));
    }

    /// <exception cref="GossipException">
    /// actor-unknown, actor-not-parked, actor-nothing-to-skip, store-….
    /// </exception>
    public Task ResumeAsync(TopicName topic, string name, bool skip, CancellationToken stop) =>
        _running.TryGetValue((topic, name), out var running)
            ? running.Seat.ResumeAsync(skip, stop)
            : throw new GossipException(
                "actor-unknown", $"This node runs no actor '{name}' on topic '{topic}'.");

    /// <summary>
    /// Each ends after the entry that it works on; one that does not end in time is left behind.
    /// </summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        // What an actor has registered on its token may throw: its trouble is its own.
        await _stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_running.Values.Select(r => r.Life)).WaitAsync(timeout, node.Time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private sealed class Running(TopicActorSeat seat)
    {
        public TopicActorSeat Seat => seat;

        public Task Life { get; set; } = Task.CompletedTask;
    }
}
