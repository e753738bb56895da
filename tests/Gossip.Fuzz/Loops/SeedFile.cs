namespace Gossip.Fuzz.Loops;

/// <summary>
/// The kept inputs of a target: a line each in base64, so that a change can be read; lines that
/// begin with # say why.
/// </summary>
internal static class SeedFile
{
    public static byte[][] Read(string target)
    {
        using var stream = typeof(SeedFile).Assembly.GetManifestResourceStream(target);
        if (stream is null)
        {
            return [];
        }

        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(Convert.FromBase64String)];
    }

    /// <summary>Adds what is not in it yet, the smallest first, up to this size.</summary>
    public static void Add(string folder, string target, IEnumerable<byte[]> inputs, int bytesMax)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{target}.txt");
        var lines = File.Exists(file) ? File.ReadAllLines(file).ToList() : [];
        var room = bytesMax - lines.Sum(line => line.Length + 1);
        foreach (var line in inputs.OrderBy(input => input.Length).Select(Convert.ToBase64String))
        {
            if (!lines.Contains(line) && (room -= line.Length + 1) >= 0)
            {
                lines.Add(line);
            }
        }

        File.WriteAllText(file, string.Concat(lines.Select(line => $"{line}\n")));
    }
}
