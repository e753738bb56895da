namespace Gossip.Host.Configuration;

/// <summary>What did somebody probably mean who wrote a name that does not exist?</summary>
internal static class Slips
{
    // A name that needs more changes than this was not a slip.
    private const int ChangesMax = 3;

    // A name of a megabyte was not either, and would take an hour to compare.
    private const int LengthMax = 200;

    /// <summary>Begins with a space, or is empty.</summary>
    public static string DidYouMean(string name, IEnumerable<string> names) =>
        Nearest(name, names) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>The nearest name, or else one that ends alike.</summary>
    public static string? Nearest(string name, IEnumerable<string> names) =>
        name.Length > LengthMax
            ? null
            : names.Select(known => (Changes: Distance(name, known), known))
                .Concat(names.Select(known =>
                    (Changes: 1 + Distance(LastWord(name), LastWord(known)), known)))
                .Where(candidate => candidate.Changes <= ChangesMax
                    && candidate.Changes < candidate.known.Length)
                .Order()
                .Select(candidate => candidate.known)
                .FirstOrDefault();

    /// <summary>Levenshtein: letters to insert, remove or replace.</summary>
    public static int Distance(string one, string other)
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

    private static string LastWord(string name) => name[(name.LastIndexOf('.') + 1)..];
}
