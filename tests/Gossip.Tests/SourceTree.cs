namespace Gossip.Tests;

/// <summary>Which files are the project's own?</summary>
internal static class SourceTree
{
    private static readonly string[] NotOurs =
        [".git", ".vs", ".idea", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Folders => Below(new DirectoryInfo(Root));

    /// <summary>Paths from the root, with slashes, in order.</summary>
    public static IEnumerable<string> Files => Folders.Prepend(Root)
        .SelectMany(Directory.EnumerateFiles)
        .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
        .Where(f => !NotOurs.Contains(f) && !f.EndsWith(".user", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    public static IEnumerable<string> CSharp => Files.Where(f =>
        f.EndsWith(".cs", StringComparison.Ordinal)
        && (f.StartsWith("src/", StringComparison.Ordinal)
            || f.StartsWith("tests/", StringComparison.Ordinal)));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static IEnumerable<string> Below(DirectoryInfo folder) => folder.EnumerateDirectories()
        .Where(d => !NotOurs.Contains(d.Name) && d.LinkTarget is null)
        .SelectMany(d => Below(d).Prepend(d.FullName));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GossipActors.sln")))
        {
            folder = folder.Parent
                ?? throw new DirectoryNotFoundException("No GossipActors.sln above the tests.");
        }

        return folder.FullName;
    }
}
