using Gossip.Host.Commands;

namespace Gossip.Host.Configuration;

/// <summary>
/// Lays a configuration file over settings; every error names file, line and column.
/// </summary>
internal static class NodeFile
{
    // A name that needs more changes than this was not a slip.
    private const int SlipsMax = 3;

    /// <exception cref="CommandException">usage, with every error of the file at once.</exception>
    public static FileSettings Read(string path, FileSettings settings)
    {
        try
        {
            return Apply(path, File.ReadAllText(path), settings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"{e.Message} Name a readable file with --config.");
        }
    }

    internal static FileSettings Apply(string path, string text, FileSettings settings)
    {
        var (entries, found) = ConfigReader.Read(text);
        var errors = found.ToList();
        var places = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            try
            {
                settings = Set(settings, entry, places);
            }
            catch (ConfigException e)
            {
                errors.Add(e);
            }
        }

        errors.AddRange(OutOfRange(settings, places));
        return errors.Count == 0
            ? settings
            : throw CommandException.Usage(string.Join("\n", errors
                .OrderBy(error => (error.Place.Line, error.Place.Column))
                .Select(error => $"{path}:{error.Place}: {error.Message}")));
    }

    private static FileSettings Set(
        FileSettings settings, ConfigEntry entry, Dictionary<string, Place> places)
    {
        if (!ConfigSchema.Keys.TryGetValue(entry.Path, out var set))
        {
            throw new ConfigException(entry.Place,
                $"Unknown key '{entry.Path}'.{Meant(entry.Path)}");
        }

        if (!places.TryAdd(entry.Path, entry.Place))
        {
            throw new ConfigException(entry.Place,
                $"'{entry.Path}' was set at {places[entry.Path]} already; keep one.");
        }

        return set(settings, entry.Value);
    }

    /// <summary>The options' own refusals start with the key's last word.</summary>
    private static IEnumerable<ConfigException> OutOfRange(
        FileSettings settings, Dictionary<string, Place> places) =>
        from refusal in settings.Options.Refusals()
        from place in places
        where refusal.StartsWith(
            $"{place.Key[(place.Key.LastIndexOf('.') + 1)..]}:", StringComparison.Ordinal)
        select new ConfigException(place.Value, refusal);

    private static string Meant(string path)
    {
        var (distance, nearest) = ConfigSchema.Keys.Keys
            .Select(key => (Distance(path, key), key))
            .Min();
        return distance <= SlipsMax
            ? $" Did you mean '{nearest}'?"
            : ConfigSchema.Keys.Keys.FirstOrDefault(key => key.EndsWith(
                $".{path[(path.LastIndexOf('.') + 1)..]}", StringComparison.Ordinal)) is { } same
                ? $" Did you mean '{same}'?"
                : " All keys stand in node.conf.";
    }

    /// <summary>Levenshtein: letters to insert, remove or replace.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        foreach (var (i, c) in one.Index())
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (c == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
