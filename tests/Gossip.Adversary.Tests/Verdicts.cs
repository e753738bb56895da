namespace Gossip.Adversary.Tests;

/// <summary>
/// One run of a whole table, for all tests of a class: each test looks at one verdict.
/// </summary>
public abstract class Verdicts : IAsyncLifetime
{
    private readonly Dictionary<string, Verdict> _byName = [];

    internal IReadOnlyCollection<Verdict> All => _byName.Values;

    public async Task InitializeAsync()
    {
        await foreach (var verdict in RunAsync())
        {
            _byName.Add(verdict.Name, verdict);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    internal Verdict Of(string name) => _byName[name];

    internal abstract IAsyncEnumerable<Verdict> RunAsync();
}
