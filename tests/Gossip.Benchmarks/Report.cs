using System.Text.Json.Nodes;
using Gossip.Benchmarks.Cluster;

namespace Gossip.Benchmarks;

/// <summary>
/// The figures, one JSON object a line, or a line per figure for people. Each object tells how
/// busy the machine was: a figure without it says little.
/// </summary>
internal sealed class Report(TextWriter output, bool isJson)
{
    private readonly List<JsonObject> _figures = [];

    public IReadOnlyList<JsonObject> Figures => _figures;

    public void Add(JsonObject figures)
    {
        figures["load_average"] = Machine.LoadAverage();
        figures["own_network"] = OwnNetwork.IsOwn;
        _figures.Add(figures);
        if (isJson)
        {
            output.WriteLine(figures.ToJsonString());
            return;
        }

        foreach (var (name, value) in figures)
        {
            output.WriteLine($"{name,-34} {value}");
        }

        output.WriteLine();
    }
}
