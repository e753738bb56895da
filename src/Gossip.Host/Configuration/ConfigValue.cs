namespace Gossip.Host.Configuration;

/// <summary>Where something stands in a file; both count from 1.</summary>
internal readonly record struct Place(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}

/// <summary>What a file says for one key, and where.</summary>
internal abstract record ConfigValue(Place Place)
{
    public sealed record Scalar(string Text, bool IsQuoted, Place Place) : ConfigValue(Place)
    {
        public bool IsNull => !IsQuoted && Text == "null";
    }

    public sealed record List(IReadOnlyList<Scalar> Items, Place Place) : ConfigValue(Place);
}

internal sealed record ConfigEntry(string Path, Place Place, ConfigValue Value);

/// <summary>What is wrong at one place of a file, and what to do.</summary>
internal sealed class ConfigException(Place place, string message) : Exception(message)
{
    public Place Place => place;
}
