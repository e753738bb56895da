using System.Diagnostics.Metrics;
using System.Text;

namespace Gossip.Host.Api;

/// <summary>
/// What do instruments show now, as Prometheus reads it? The text format 0.0.4 of
/// prometheus.io/docs/instrumenting/exposition_formats; names as OpenTelemetry maps them.
/// </summary>
internal sealed class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly SortedDictionary<string, StringBuilder> _families =
        new(StringComparer.Ordinal);

    /// <summary>All instruments of the meters in this scope.</summary>
    public MetricsText Observe(object scope)
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, scope))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(
            instrument.Name, instrument is ObservableCounter<long>, instrument.Description ?? "",
            value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return this;
    }

    public MetricsText Add(
        string name, bool isCounter, string help, long value,
        params ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        name = name.Replace('.', '_') + (isCounter ? "_total" : "");
        if (!_families.TryGetValue(name, out var family))
        {
            family = _families[name] = new StringBuilder($"# HELP {name} {help}\n")
                .Append($"# TYPE {name} {(isCounter ? "counter" : "gauge")}\n");
        }

        family.Append(name);
        for (var i = 0; i < labels.Length; i++)
        {
            family.Append(i == 0 ? '{' : ',')
                .Append($"{labels[i].Key}=\"{Escaped($"{labels[i].Value}")}\"");
        }

        family.Append(labels.IsEmpty ? "" : "}").Append($" {value}\n");
        return this;
    }

    public override string ToString() => string.Concat(_families.Values);

    private static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
