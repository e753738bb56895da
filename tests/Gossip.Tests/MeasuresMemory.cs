namespace Gossip.Tests;

/// <summary>
/// Tests that look at the memory of the whole process: they run alone, since what another test
/// takes meanwhile would be held against them.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuresMemory
{
    public const string Name = "measures memory";
}
