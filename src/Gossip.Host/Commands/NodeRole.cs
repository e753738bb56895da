using Gossip.Actors;
using Gossip.Host.Configuration;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary>
/// What a node starts with when nobody says otherwise. A seed is a member whose address is known,
/// so that others bootstrap from it.
/// </summary>
internal sealed record NodeRole(string Name, string Description, GossipOptions Options, string Api)
{
    /// <summary>
    /// What differs from reference.conf, as a file would say it: a layer over it.
    /// </summary>
    public string Layer
    {
        get
        {
            var own = new Settings(Options, Api) { Runtime = Runtimes.Default };
            return string.Join('\n', Schema.Keys
                .Where(key => key.Show(own) != key.Show(Defaults))
                .Select(key => $"{key.Path} = {key.Show(own)}"));
        }
    }

    private static readonly Settings Defaults = new(new(), "127.0.0.1:7780");

    private const string SeedAddress = "127.0.0.1:7700";

    public static readonly NodeRole Seed = new(
        "seed",
        "Runs a node that others bootstrap from, until it is stopped.",
        new() { Listen = SeedAddress, DataDirectory = "./gossip-data/seed" },
        "127.0.0.1:7780");

    public static readonly NodeRole Member = new(
        "member",
        "Runs a node that joins a seed, until it is stopped.",
        new()
        {
            Listen = "127.0.0.1:0",
            DataDirectory = "./gossip-data/member",
            Bootstrap = [SeedAddress],
        },
        "127.0.0.1:7781");
}
