using Xunit.Abstractions;

namespace Gossip.Tests;

/// <summary>Is the tree as tidy as the analyzers cannot check?</summary>
public sealed class TidyTests(ITestOutputHelper output)
{
    private const int ColumnsMax = 100;
    private const int LinesMax = 300;
    private const int ProtocolLinesMax = 5600;

    // Spelled in halves, so that this file does not name what it forbids.
    private static readonly string[] WordsForbidden = ["#reg" + "ion", "TO" + "DO", "FIX" + "ME"];
    private static readonly string[] PlacesForbidden = ["/ho" + "me/", "C:" + "\\Users"];

    [Fact]
    public void Sources_are_short_narrow_and_plain()
    {
        var files = SourceTree.CSharp.ToArray();
        Assert.Contains("tests/Gossip.Tests/TidyTests.cs", files);
        Report(files.SelectMany(f => Complaints(f, SourceTree.Read(f))));
    }

    [Fact]
    public void A_complaint_is_made_of_each_kind()
    {
        var bad = string.Concat(
            $"// {new string('x', ColumnsMax)}\n",
            "\tvar tab = 1;\n",
            "var carriage = 1;\r\n",
            string.Join('\n', WordsForbidden),
            new string('\n', LinesMax));
        Assert.Equal(4 + WordsForbidden.Length, Complaints("bad.cs", bad).Count());
        Assert.Empty(Complaints("good.cs", $"// {new string('é', ColumnsMax - 3)}\n"));
    }

    [Fact]
    public void The_protocol_can_be_read_in_an_afternoon()
    {
        var files = SourceTree.CSharp
            .Where(f => f.StartsWith("src/Gossip.Actors/Protocol/", StringComparison.Ordinal))
            .ToArray();
        Assert.NotEmpty(files);
        var lines = files.Sum(f => CodeLineCount(SourceTree.Read(f)));
        output.WriteLine($"Protocol: {lines} lines in {files.Length} files.");
        Assert.True(lines < ProtocolLinesMax, $"{lines} lines, {ProtocolLinesMax} at most.");
    }

    [Fact]
    public void No_file_names_a_place_on_somebodys_machine() => Report(
        from file in SourceTree.Files
        let text = SourceTree.Read(file)
        where !text.Contains('\0', StringComparison.Ordinal)
        from place in PlacesForbidden
        where text.Contains(place, StringComparison.OrdinalIgnoreCase)
        select $"{file}: names {place}");

    [Fact]
    public void Build_output_stays_in_artifacts() => Report(
        SourceTree.Folders.Where(f => Path.GetFileName(f) is "bin" or "obj"));

    private static IEnumerable<string> Complaints(string file, string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            // A character beyond the basic plane is one column, as a reader counts.
            var columns = lines[i].EnumerateRunes().Count();
            if (columns > ColumnsMax)
            {
                yield return $"{file}:{i + 1}: {columns} columns, {ColumnsMax} at most";
            }

            foreach (var word in WordsForbidden.Where(w => Has(lines[i], w)))
            {
                yield return $"{file}:{i + 1}: {word}";
            }
        }

        if (LineCount(text) > LinesMax)
        {
            yield return $"{file}: {LineCount(text)} lines, {LinesMax} at most";
        }

        if (Has(text, "\t"))
        {
            yield return $"{file}: a tab";
        }

        if (Has(text, "\r"))
        {
            yield return $"{file}: a carriage return; lines end in LF";
        }
    }

    private static bool Has(string text, string word) =>
        text.Contains(word, StringComparison.Ordinal);

    private static int LineCount(string text) => text.Count(c => c == '\n');

    /// <summary>
    /// Lines that say something to a machine: no blanks, comments or lone braces.
    /// </summary>
    private static int CodeLineCount(string text) => text.Split('\n')
        .Select(l => l.Trim())
        .Count(l => l is not ("" or "{" or "}" or "};")
            && !l.StartsWith("//", StringComparison.Ordinal));

    private static void Report(IEnumerable<string> complaints)
    {
        var all = complaints.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
