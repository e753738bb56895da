using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gossip.Fuzz.Loops;

namespace Gossip.Fuzz.Commands;

/// <summary>How is a target's report shown to people and to programs?</summary>
internal static class Shown
{
    public static readonly JsonSerializerOptions Spelling = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Json(TargetReport report) => JsonSerializer.Serialize(report, Spelling);

    public static string Text(TargetReport report)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{report.Target,-20} {report.Inputs,12:N0} inputs {report.InputsPerSecond,9:N0}/s"
            + $"  corpus {report.Corpus,5}  edges {report.Edges,5}  crashes {report.Crashes}"
            + $"  hangs {report.Hangs}  too much {report.Overallocations}"
            + $"  allocation {report.AllocationShareMax:0.00} of the limit"
            + $" ({report.AllocatedBytes:N0} for {report.AllocatedForBytes:N0} bytes)"
            + $"  slowest {report.MillisecondsMax:0.0} ms");
        foreach (var finding in report.Findings)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n  {finding.Kind}: {finding.Detail}\n  replay: {finding.Replay}");
        }

        return text.ToString();
    }
}
