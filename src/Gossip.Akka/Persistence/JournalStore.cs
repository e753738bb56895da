using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// What survives, when a node lives in an actor system? Persistent actors journal every change
/// through Akka.Persistence.Sql; memory holds where each entry lies, and the entries read last.
/// </summary>
/// <remarks>
/// A commit is persisted first, then held in memory, then answered, so a read finds what cannot be
/// undone. Memory follows the number of entries, not their bytes, and opening takes as long as
/// reading every entry once. Only one store may be open on a journal; the system's configuration
/// comes from <see cref="JournalConfig"/>.
/// </remarks>
public sealed partial class JournalStore : IEntryStore
{
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<TopicId, HeldTopic> _topics = [];
    private readonly SemaphoreSlim _joining = new(1, 1);
    private readonly ActorSystem _system;
    private readonly JournalPlace _place;
    private readonly JournalOptions _options;
    private readonly RecentEvents _recent;
    private readonly JournalReads _reads;
    private readonly IActorRef _nursery;
    private readonly Line _node;
    private ImmutableArray<TopicRef> _toCarry = [];
    private int _isClosed;

    private JournalStore(ActorSystem system, JournalPlace place, JournalOptions options)
    {
        (_system, _place, _options) = (system, place, options);
        _recent = new(options.RecentBytesMax);
        _reads = new(place, _recent);
        _nursery = system.ActorOf(Props.Create<Nursery>());
        _node = new(line => Facts("node", line, RestoreNode), Hatch, place.Name);
    }

    public string Description => _place.Description;

    public string? Fault => _node.Fault ?? _topics.Values
        .Select(t => t.Commits.Fault ?? t.ReaderFacts.Fault)
        .FirstOrDefault(f => f is not null);

    /// <summary>
    /// Why this node's own incarnations do not count any more: the journal's file was copied or
    /// restored. Null when it is at home; of a server nothing is known.
    /// </summary>
    public string? MovedReason => _place.MovedReason;

    /// <summary>Recovers everything; a SQLite file's data directory must be held.</summary>
    /// <param name="system">Its journal is the store's.</param>
    /// <param name="options">Null: as the system's configuration says.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="StoreException">With what is wrong and what to do.</exception>
    public static async Task<JournalStore> OpenAsync(
        ActorSystem system, JournalOptions? options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(system);
        var place = JournalPlace.Of(system);
        await Task.Run(place.Prepare, stop).ConfigureAwait(false);
        var store = new JournalStore(
            system, place, options ?? JournalOptions.Of(system.Settings.Config));
        try
        {
            await store.RecoverAsync().WaitAsync(stop).ConfigureAwait(false);
            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task JoinAsync(TopicRef topic, Batch? first, CancellationToken stop)
    {
        await _joining.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (Carried.FirstOrDefault(t => t.Topic.Name == topic.Name) is { } carried)
            {
                if (carried.Topic.Id != topic.Id)
                {
                    throw CommitRules.Named(topic);
                }

                return;
            }

            var held = Held(topic);
            await held.Commits.OpenAsync().ConfigureAwait(false);
            await held.ReaderFacts.OpenAsync().ConfigureAwait(false);

            // The first entry before the topic: of a crash between, nobody hears.
            if (first is not null && !held.Holds(first))
            {
                await held.Commits.Send(new CommitCall(first, 0)).ConfigureAwait(false);
            }

            await _node.OpenAsync().ConfigureAwait(false);
            await _node.Send(new FactCall(FactFormat.Of(topic), held.Carry))
                .ConfigureAwait(false);
        }
        finally
        {
            _joining.Release();
        }
    }

    public Task<TopicRecord> LoadAsync(TopicRef topic, long generation, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return Task.FromCanceled<TopicRecord>(stop);
        }

        // A fresh load tells what became of a commit whose outcome was unknown.
        return Find(topic.Id) is not { } held
            ? Task.FromException<TopicRecord>(CommitRules.TopicUnknown(topic.Name))
            : held.Commits.OpenAsync() is { IsCompletedSuccessfully: false } opening
                ? LoadAfterAsync(opening, held, generation)
                : held.Commits.Send(new LoadCall(generation));
    }

    public Task CommitAsync(Batch batch, long generation, CancellationToken stop) =>
        stop.IsCancellationRequested ? Task.FromCanceled(stop)
        : Find(batch.Topic) is { } held
            ? held.Commits.Send(new CommitCall(batch, generation))
            : Task.FromException(CommitRules.TopicUnknown(batch.Topic));

    /// <summary>Finishes what is on the way to the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            Line[] lines =
            [
                _node, .. _topics.Values.SelectMany(t => new[] { t.Commits, t.ReaderFacts }),
            ];
            await Task.WhenAll(lines.Select(line => line.DrainAsync())).WaitAsync(StopMax)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _reads.DisposeAsync().ConfigureAwait(false);
            await _nursery.GracefulStop(StopMax).ConfigureAwait(false);
            await Task.Run(_place.Close).ConfigureAwait(false);
            _joining.Dispose();
        }
    }

    private static async Task<TopicRecord> LoadAfterAsync(
        Task opening, HeldTopic held, long generation)
    {
        await opening.ConfigureAwait(false);
        return await held.Commits.Send(new LoadCall(generation)).ConfigureAwait(false);
    }

    private async Task RecoverAsync()
    {
        await _node.OpenAsync().ConfigureAwait(false);
        await Task.WhenAll(_toCarry.Select(async topic =>
        {
            var held = Held(topic);
            await held.Commits.OpenAsync().ConfigureAwait(false);
            await held.ReaderFacts.OpenAsync().ConfigureAwait(false);
            held.Carry();
        })).ConfigureAwait(false);
    }

    private HeldTopic Held(TopicRef topic) => _topics.GetOrAdd(topic.Id, _ => Hold(topic));

    private HeldTopic Hold(TopicRef topic)
    {
        HeldTopic held = null!;
        return held = new(topic)
        {
            Commits = new(
                line => Props.Create(() => new TopicJournal(held, line, _recent, _place)),
                Hatch,
                _place.Name),
            ReaderFacts = new(
                line => Facts($"readers-{topic.Id}", line, held.RestoreReaders),
                Hatch,
                _place.Name),
        };
    }

    private Props Facts(string id, Line line, Action<IEnumerable<Proto.Fact>> restore) =>
        Props.Create(
            () => new FactTable(id, _place.Name, _options.SummaryEvery, line, restore));

    private void Hatch(Props props)
    {
        if (_isClosed != 0 || _system.WhenTerminated.IsCompleted)
        {
            throw JournalErrors.Closed(_place.Name);
        }

        _place.Claim();
        _nursery.Tell(props);
    }

    /// <summary>Topics that were joined in this process are known; only the first time counts.
    /// </summary>
    private void RestoreNode(IEnumerable<Proto.Fact> facts)
    {
        Proto.Fact[] all = [.. facts];
        _toCarry =
        [
            .. all.Where(f => f.Topic is not null).Select(f => FactFormat.Read(f.Topic)),
        ];
        _exclusions = all.Where(f => f.Exclusion is not null)
            .Select(f => FactFormat.Read(f.Exclusion))
            .ToImmutableSortedDictionary(e => (e.Did, e.Kind), e => e);
    }

    private HeldTopic? Find(TopicId topic) => _topics.GetValueOrDefault(topic);
}
