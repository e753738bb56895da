namespace Gossip.Fuzz.Coverage;

/// <summary>
/// This program beside assemblies that count their blocks, in a folder that is deleted afterwards:
/// what is built and shipped is never touched.
/// </summary>
internal sealed class InstrumentedCopy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gossip-fuzz-");

    public InstrumentedCopy()
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            var copy = Path.Combine(_folder.FullName, Path.GetFileName(file));
            if (Instrumentation.Assemblies.Contains(Path.GetFileName(file)))
            {
                Blocks += Instrumentation.Rewrite(file, copy);
            }
            else
            {
                // A link would not do: the runtime looks beside what a link leads to.
                File.Copy(file, copy);
            }
        }
    }

    public int Blocks { get; }

    public string Program => Path.Combine(_folder.FullName, "Gossip.Fuzz.dll");

    public void Dispose() => _folder.Delete(recursive: true);
}
