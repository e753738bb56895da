using System.Globalization;

namespace Gossip.Host.Demo;

/// <summary>What became of each line: a tag tells them apart wherever they turn up.</summary>
internal sealed class Publications(string[] lines)
{
    private readonly Outcome[] _outcomes = new Outcome[lines.Length];
    private readonly Lock _gate = new();
    private int _acknowledged;

    public enum Outcome
    {
        /// <summary>Not sent, or surely not arrived: free to be sent through any node.</summary>
        Unsent,

        Acknowledged,

        /// <summary>Sent, and the node died before it answered.</summary>
        Unknown,
    }

    public int Count => lines.Length;

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public int Unknown => CountOf(Outcome.Unknown);

    /// <summary>The line as published: its number makes it unique.</summary>
    public string Payload(int line) =>
        string.Create(CultureInfo.InvariantCulture, $"#{line + 1} {lines[line]}");

    /// <summary>Null when this payload is none of ours, to the letter.</summary>
    public int? LineOf(string? payload)
    {
        var space = payload?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        return space > 1
            && int.TryParse(payload.AsSpan(1, space - 1), NumberStyles.None,
                CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= lines.Length && Payload(number - 1) == payload
            ? number - 1
            : null;
    }

    public void Record(int line, Outcome outcome)
    {
        lock (_gate)
        {
            _acknowledged += outcome == Outcome.Acknowledged ? 1 : 0;
            _outcomes[line] = outcome;
        }
    }

    public Outcome OutcomeOf(int line)
    {
        lock (_gate)
        {
            return _outcomes[line];
        }
    }

    private int CountOf(Outcome outcome)
    {
        lock (_gate)
        {
            return _outcomes.Count(o => o == outcome);
        }
    }
}
