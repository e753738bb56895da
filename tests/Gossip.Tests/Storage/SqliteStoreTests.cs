using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

public sealed class SqliteStoreTests : StoreContract, IDisposable
{
    private readonly TestDirectory _directory = new();

    protected override async Task<IEntryStore> CreateAsync() =>
        await SqliteStore.OpenAsync(_directory.Path, Go);

    protected override async Task<IEntryStore> ReopenAsync(IEntryStore store)
    {
        await store.DisposeAsync();
        return await CreateAsync();
    }

    public void Dispose() => _directory.Dispose();
}
