namespace Gossip.Fuzz.Loops;

/// <summary>An input that failed: where it is kept, and how it is tried again.</summary>
internal sealed record Finding(string Target, FailureKind Kind, string Detail, string File)
{
    public string Replay =>
        "dotnet run -c Release --project tests/Gossip.Fuzz -- "
        + $"--target {Target} --replay {File}";

    /// <summary>Writes the input into the folder.</summary>
    public static Finding Keep(string target, Failure failure, byte[] input, string folder)
    {
        Directory.CreateDirectory(folder);
        var hash = System.Security.Cryptography.SHA256.HashData(input);
        var kind = failure.Kind.ToString().ToLowerInvariant();
        var file = Path.Combine(folder, $"{target}-{kind}-{Convert.ToHexStringLower(hash)[..12]}");
        System.IO.File.WriteAllBytes(file, input);
        return new(target, failure.Kind, failure.Detail, file);
    }
}
