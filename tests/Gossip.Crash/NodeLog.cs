using System.Text.Json;

namespace Gossip.Crash;

/// <summary>
/// What did the nodes log? Counts lines by wording, and keeps the first alarming ones.
/// </summary>
internal sealed class NodeLog
{
    private const int AlarmsMax = 30;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _alarms = [];

    public SortedDictionary<string, long> Counts
    {
        get
        {
            lock (_gate)
            {
                return new(_counts, StringComparer.Ordinal);
            }
        }
    }

    public string[] Alarms
    {
        get
        {
            lock (_gate)
            {
                return [.. _alarms];
            }
        }
    }

    public void Hear(int node, string line)
    {
        var (kind, isAlarm) = Classify(line);
        if (kind is null)
        {
            return;
        }

        lock (_gate)
        {
            _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            if (isAlarm && _alarms.Count < AlarmsMax)
            {
                _alarms.Add($"node {node + 1}: {line}");
            }
        }
    }

    /// <summary>Null for a line that a kill cut off.</summary>
    private static (string? Kind, bool IsAlarm) Classify(string line)
    {
        if (!line.StartsWith('{'))
        {
            // A runtime's own complaint, such as an unhandled exception.
            return ("Raw", true);
        }

        try
        {
            using var json = JsonDocument.Parse(line);
            var level = Text(json.RootElement, "LogLevel");
            var wording = json.RootElement.TryGetProperty("State", out var state)
                ? Text(state, "{OriginalFormat}")
                : Text(json.RootElement, "Message");
            return ($"{level}: {wording}", level is not ("Information" or "Debug" or "Trace"));
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.ToString() : "";
}
