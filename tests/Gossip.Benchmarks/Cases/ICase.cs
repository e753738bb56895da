namespace Gossip.Benchmarks.Cases;

/// <summary>A question that is answered with figures.</summary>
internal interface ICase
{
    Task RunAsync(Settings settings, Report report);
}
