namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// What a setting was read from: a file, the program's own defaults, a variable or a flag. Only
/// in a file do lines and columns say anything.
/// </summary>
internal sealed record HoconSource(string Name, bool HasLines = true);

/// <summary>Where something stands; line and column count from 1.</summary>
internal readonly record struct Place(HoconSource Source, int Line, int Column)
{
    /// <summary>As --origin shows it: FILE:LINE, or the variable or flag.</summary>
    public string Origin => Source.HasLines ? $"{Source.Name}:{Line}" : Source.Name;

    public override string ToString() =>
        Source.HasLines ? $"{Source.Name}:{Line}:{Column}" : Source.Name;
}

/// <summary>What is wrong at one place, what was expected, and what to do.</summary>
internal sealed class HoconException(Place place, string message) : Exception(message)
{
    public Place Place => place;
}
