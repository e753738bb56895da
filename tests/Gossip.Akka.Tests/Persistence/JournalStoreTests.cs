using Akka.Actor;
using Gossip.Actors.Storage;
using Gossip.Akka.Persistence;
using Gossip.Tests.Storage;

namespace Gossip.Akka.Tests.Persistence;

/// <summary>The contract, with a real journal on disk and a new actor system at each start.
/// </summary>
public sealed class JournalStoreTests : StoreContract, IDisposable
{
    private readonly TestDirectory _directory = new();
    private ActorSystem? _system;

    protected override async Task<IEntryStore> CreateAsync()
    {
        _system = ActorSystem.Create("test", JournalConfig.Sqlite(_directory.Path));
        return await JournalStore.OpenAsync(_system, null, Go);
    }

    protected override async Task<IEntryStore> ReopenAsync(IEntryStore store)
    {
        await store.DisposeAsync();
        await _system!.Terminate();
        return await CreateAsync();
    }

    public void Dispose()
    {
        _system?.Terminate().GetAwaiter().GetResult();
        _directory.Dispose();
    }
}
