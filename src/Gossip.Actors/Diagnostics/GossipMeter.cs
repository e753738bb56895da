using System.Diagnostics.Metrics;
using Gossip.Actors.Runtime;

namespace Gossip.Actors.Diagnostics;

/// <summary>
/// What does a collector of metrics see? A meter for each node, whose instruments look at it when
/// they are asked, and cost nothing before. They are named as OpenTelemetry would:
/// <c>gossip.limit.rejected</c>, which Prometheus calls <c>gossip_limit_rejected_total</c>.
/// </summary>
internal sealed class GossipMeter : IDisposable
{
    private readonly GossipNode _node;
    private readonly Meter _meter;

    public GossipMeter(GossipNode node)
    {
        _node = node;
        _meter = new(new MeterOptions(GossipNode.MeterName)
        {
            Version = typeof(GossipMeter).Assembly.GetName().Version!.ToString(3),
            Scope = node,
            Tags = [new("gossip.did", node.Did.ToString())],
        });
        foreach (var family in node.Status().Counters.Keys.Select(FamilyOf).Distinct())
        {
            _meter.CreateObservableCounter(
                $"gossip.{family.Replace('-', '.')}", () => Counted(family), null, HelpOf(family));
        }

        Gauge("ready", "Whether the node is ready: 1 or 0.",
            status => status.NotReady.IsEmpty ? 1 : 0);
        Gauge("peers.connected", "Peers that are connected.", status => status.PeersConnected);
        Gauge("partitions", "Peers that seem to be cut off.", status => status.Partitions.Length);
        Gauge("twins", "Other processes with this node's key.", status => status.Twins.Length);
        Gauge("limit.used", "How much of a limit is used now, by whom uses most.", l => l.Use);
        Gauge("limit.max", "How much may be used of it; 0 is no bound.", l => l.Max);
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string help, Func<NodeStatus, long> read) =>
        _meter.CreateObservableGauge($"gossip.{name}", () => read(_node.Status()), null, help);

    private void Gauge(string name, string help, Func<LimitStatus, long?> read) =>
        _meter.CreateObservableGauge(
            $"gossip.{name}",
            () => _node.Limits().Where(l => read(l) is not null)
                .Select(l => Of(read(l)!.Value, "limit", StatusBoard.Kebab(l.Limit))),
            null,
            help);

    /// <summary>A counter <c>refused.signature-invalid</c> is one of the family <c>refused</c>.
    /// </summary>
    private static string FamilyOf(string counter) => counter.Split('.')[0];

    private IEnumerable<Measurement<long>> Counted(string family) => _node.Status().Counters
        .Where(counter => FamilyOf(counter.Key) == family)
        .Select(counter => counter.Key.Length == family.Length
            ? new Measurement<long>(counter.Value)
            : Of(counter.Value, TagOf(family), counter.Key[(family.Length + 1)..]));

    private static Measurement<long> Of(long value, string tag, string what) =>
        new(value, new KeyValuePair<string, object?>(tag, what));

    private static string TagOf(string family) => family == "limit-rejected" ? "limit" : "code";

    private static string HelpOf(string family) => family switch
    {
        "limit-rejected" => "How often a limit was reached.",
        "refused" => "What was refused for what it is.",
        "line-refused" => "What lines of Akka.Remote refused.",
        _ => $"How many or how often: {family.Replace('-', ' ')}.",
    };
}
