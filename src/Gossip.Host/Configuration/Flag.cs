namespace Gossip.Host.Configuration;

/// <summary>A setting given on the command line.</summary>
internal sealed record Flag(string Path, string Name, IReadOnlyList<string> Values);
