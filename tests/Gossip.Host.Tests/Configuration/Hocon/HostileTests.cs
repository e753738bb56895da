using System.Diagnostics;
using System.Text;
using Gossip.Host.Configuration.Hocon;
using Gossip.Tests;

namespace Gossip.Host.Tests.Configuration.Hocon;

/// <summary>
/// Can a file hang its reader, exhaust it, or make it throw? It can only be refused.
/// </summary>
[Row("F1")]
public sealed class HostileTests
{
    // Generous: a slow machine must not fail, a file that hangs must.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static TheoryData<string, string, string> Attacks() => new()
    {
        { "brackets", $"a = {new string('[', 100_000)}", "Nested deeper than 64" },
        { "braces", string.Concat(Enumerable.Repeat("a{", 100_000)), "Nested deeper than 64" },
        { "a path", $"a = 1\nb{string.Concat(Enumerable.Repeat(".b", 100_000))} = 1",
            "A key of 100001 words; at most 64" },
        { "paths in paths", Nested(100, "b.b.b.b.b = {"), "Nested deeper than 64" },
        { "a chain", Lines(10_000, i => $"a{i} = ${{a{i + 1}}}"), "More than 250 substitutions" },
        { "self-reference", $"a = [1]\n{Lines(10_000, _ => "a = ${a} [1]")}",
            "More than 250 substitutions" },
        { "laughs of text", Lines(60, i => $"a{i} = ${{a{i + 1}}}${{a{i + 1}}}") + "a60 = xxxxx",
            "The substitutions grow beyond" },
        { "laughs of lists", Lines(60, i => $"a{i} = ${{a{i + 1}}} ${{a{i + 1}}}") + "a60 = [1]",
            "The substitutions grow beyond" },
        { "merges", "a = {}\n" + Lines(240, i => $"a = ${{a}} {{ {Fields(i)} }}"),
            "The substitutions grow beyond" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void An_attack_is_refused_by_name(string name, string text, string expected)
    {
        Assert.NotEmpty(name);
        Assert.Contains(InTime(text).Errors, e => e.Contains(expected, StringComparison.Ordinal));
    }

    /// <summary>What is merely large is read: many lines, and many of one kind.</summary>
    [Fact]
    public void A_large_file_is_read()
    {
        var text = new StringBuilder("base = x\n");
        for (var i = 0; i < 10_000; i++)
        {
            text.Append($"l += {i}\no.k{i} = ${{base}}\n");
        }

        var (json, errors) = InTime(text.ToString());
        Assert.Empty(errors);
        Assert.Contains("9998,9999],", json, StringComparison.Ordinal);
        Assert.Contains("\"k9999\":\"x\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_thousand_mistakes_the_first_hundred_are_told() =>
        Assert.Equal(HoconLimits.ErrorsMax, InTime(Lines(1000, _ => "a = @")).Errors.Count);

    /// <summary>
    /// Real files with letters removed, doubled, swapped and replaced: each is read or refused, at
    /// a place that exists.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_mutated_file_is_read_or_refused(int seed)
    {
        var random = new Random(seed);
        var files = Directory.GetFiles(
            Path.Combine(SourceTree.Root, "hocon"), "*.conf", SearchOption.AllDirectories);
        string[] texts = [.. files.Select(File.ReadAllText), Kitchen];
        var refused = 0;
        const int Rounds = 1500;
        for (var i = 0; i < Rounds; i++)
        {
            var text = Mutate(texts[random.Next(texts.Length)], random);
            try
            {
                var errors = InTime(text).Errors;
                refused += errors.Count > 0 ? 1 : 0;
                Assert.All(errors, error => AssertPlace(error, text));
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, round {i}: {e}\n{text}");
            }
        }

        // Were nothing refused, nothing would have been mutated.
        Assert.InRange(refused, Rounds / 10, Rounds);
    }

    // One of each thing that the language has.
    private const string Kitchen = """"
        a : 1, "b.c" = [1, 2 x, "q\u0041"]   // comment
        d { e += ${a} ${?nope}, f = ${d.e} [3] { } }
        g = """raw "text""" ${a} # comment
        a.b.c = null
        h = ${g}{ i = ${?h.i}x }
        include "nothing.conf"
        include file("nothing")
        l = ${l}
        m = ${n}, n = ${m}
        """";

    private static string Mutate(string text, Random random)
    {
        const string Letters = "{}[]\"$,:=+\\#/. \n?ae10";
        var mutated = new StringBuilder(text);
        for (var changes = random.Next(1, 8); changes > 0 && mutated.Length > 2; changes--)
        {
            var at = random.Next(mutated.Length - 1);
            switch (random.Next(5))
            {
                case 0:
                    mutated.Remove(at, random.Next(1, Math.Min(40, mutated.Length - at)));
                    break;
                case 1:
                    mutated.Insert(at, Letters[random.Next(Letters.Length)]);
                    break;
                case 2:
                    mutated[at] = Letters[random.Next(Letters.Length)];
                    break;
                case 3:
                    mutated[at] = (char)random.Next(0x10000);
                    break;
                default:
                    var length = Math.Min(60, mutated.Length - at);
                    mutated.Insert(random.Next(mutated.Length), mutated.ToString(at, length));
                    break;
            }
        }

        return mutated.ToString();
    }

    private static void AssertPlace(string error, string text)
    {
        var parts = error.Split(':', 4);
        var lines = text.Split('\n');
        Assert.Equal("f", parts[0]);
        var line = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        var column = int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(line, 1, lines.Length);
        Assert.InRange(column, 1, lines[line - 1].Length + 1);
        Assert.True(parts[3].Length > 10, error);
    }

    private static (string Json, IReadOnlyList<string> Errors) InTime(string text)
    {
        var start = Stopwatch.GetTimestamp();
        var read = Hocon.Read(text);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Deadline);
        return read;
    }

    private static string Lines(int count, Func<int, string> line) =>
        string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));

    private static string Nested(int count, string opening) =>
        string.Concat(Enumerable.Repeat(opening, count));

    private static string Fields(int of) =>
        string.Join(", ", Enumerable.Range(0, 300).Select(i => $"k{of}_{i} = 1"));
}
