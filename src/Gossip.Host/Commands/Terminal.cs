using System.Globalization;
using System.Text;
using System.Text.Json;
using Gossip.Host.Api;

namespace Gossip.Host.Commands;

/// <summary>Where do results, progress and errors go, and may they be coloured?</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isJson)
{
    private static readonly bool MayColour =
        !Console.IsErrorRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public bool IsJson => isJson;

    /// <summary>Whether a line on standard error may be rewritten in place.</summary>
    public static bool IsLive => !Console.IsErrorRedirected;

    public static Terminal Of(bool isJson) => new(Console.Out, Console.Error, isJson);

    public void Print(string line) => output.WriteLine(line);

    public void Print(ReadOnlySpan<byte> utf8) => output.WriteLine(Encoding.UTF8.GetString(utf8));

    /// <summary>Others wrote this: on a terminal it must not steer the terminal.</summary>
    public static string Visible(string text)
    {
        if (Console.IsOutputRedirected || !text.Any(IsControl))
        {
            return text;
        }

        var visible = new StringBuilder();
        foreach (var c in text)
        {
            visible.Append(IsControl(c)
                ? string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}")
                : c);
        }

        return visible.ToString();

        static bool IsControl(char c) => char.IsControl(c) && c is not ('\t' or '\n');
    }

    public void Note(string line) => error.WriteLine($"gossip: {line}");

    /// <summary>One line that replaces the last one; only on a terminal.</summary>
    public void Live(string line) => error.Write($"\r{line}\u001b[K");

    public void EndLive() => error.WriteLine();

    public int Fail(CommandException failure)
    {
        if (isJson)
        {
            error.WriteLine(JsonSerializer.Serialize(
                new ErrorShape(failure.Code, failure.Message), ApiJson.Shared.ErrorShape));
        }
        else if (MayColour)
        {
            error.WriteLine($"\u001b[31mgossip:\u001b[0m {failure.Message}");
        }
        else
        {
            error.WriteLine($"gossip: {failure.Message}");
        }

        return failure.ExitCode;
    }

    public static string Time(long milliseconds) => milliseconds == 0
        ? "never"
        : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>Columns as wide as their widest cell; cells that are numbers lean right.</summary>
    public void Table(IReadOnlyList<string> head, IEnumerable<string[]> rows)
    {
        string[][] lines = [[.. head], .. rows];
        var widths = head.Select((_, i) => lines.Max(line => line[i].Length)).ToArray();
        foreach (var line in lines)
        {
            var cells = line.Select((cell, i) => lines.Skip(1).All(l => IsNumber(l[i]))
                ? cell.PadLeft(widths[i])
                : cell.PadRight(widths[i]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    /// <summary>Side by side, without a head.</summary>
    public void Columns(IReadOnlyList<string[]> rows)
    {
        var width = rows.Max(row => row[0].Length);
        foreach (var row in rows)
        {
            output.WriteLine($"{row[0].PadRight(width)}  {row[1]}".TrimEnd());
        }
    }

    private static bool IsNumber(string cell) => cell.Length > 0 && cell.All(char.IsAsciiDigit);
}
