using System.Buffers;
using System.Text;

namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// Which texts make up a configuration? Files with what they include, one laid over the other;
/// every error of all of them is kept.
/// </summary>
/// <param name="resources">Files that are part of the program; null when there is none.</param>
internal sealed class HoconReader(Func<string, Stream?> resources)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly List<HoconException> _errors = [];
    private readonly HashSet<(HoconSource Source, int Line)> _linesInError = [];
    private readonly Stack<string> _open = new();
    private int _files;

    public IReadOnlyList<HoconException> Errors => _errors;

    /// <summary>The first error of a line; what follows in it is mostly its echo.</summary>
    public void Report(HoconException error)
    {
        if (error.Message.Length > 0 && _errors.Count < HoconLimits.ErrorsMax
            && _linesInError.Add((error.Place.Source, error.Place.Line)))
        {
            _errors.Add(error);
        }
    }

    /// <summary>An error that says something of its own, whatever else is wrong there.</summary>
    public void Add(HoconException error)
    {
        if (_errors.Count < HoconLimits.ErrorsMax)
        {
            _errors.Add(error);
        }
    }

    /// <summary>Includes in it are found from the current directory.</summary>
    public HoconNode.Object ReadText(HoconSource source, string text) =>
        Parse(source, text, [], "") is { } root ? root : new(new(source, 1, 1));

    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public HoconNode.Object ReadFile(string path)
    {
        var start = new Place(new(path), 1, 1);
        using var stream = File.OpenRead(path);
        return ReadStream(stream, path, start, []) ?? new(start);
    }

    private HoconNode.Object? ReadStream(
        Stream stream, string path, Place place, string[] includedAt)
    {
        var source = new HoconSource(path);
        if (++_files > HoconLimits.FilesMax)
        {
            throw new HoconException(place,
                $"More than {HoconLimits.FilesMax} files are included; include less.");
        }

        // One byte more than allowed tells a file that is too large, a device that never ends.
        var bytes = ArrayPool<byte>.Shared.Rent(HoconLimits.FileBytesMax + 1);
        _open.Push(Path.GetFullPath(path));
        try
        {
            var count = stream.ReadAtLeast(
                bytes, HoconLimits.FileBytesMax + 1, throwOnEndOfStream: false);
            return Text(source, bytes.AsSpan(0, count)) is { } text
                ? Parse(source, text, includedAt, Path.GetDirectoryName(path) ?? "")
                : null;
        }
        finally
        {
            _open.Pop();
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private string? Text(HoconSource source, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > HoconLimits.FileBytesMax)
        {
            Report(new(new(source, 1, 1),
                $"The file has more than {HoconLimits.FileBytesMax} bytes; it is no "
                + "configuration, or needs to be split and included."));
            return null;
        }

        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var line = 1 + bytes[..e.Index].Count((byte)'\n');
            Report(new(new(source, line, 1),
                "This line is not valid UTF-8; save the file as UTF-8."));
            return null;
        }
    }

    private HoconNode.Object? Parse(
        HoconSource source, string text, string[] includedAt, string directory)
    {
        var root = Parser.Read(
            Lexer.Read(source, text, Report), includedAt, Report,
            (include, target, at) => Include(include, target, at, directory));
        if (root is HoconNode.Object settings)
        {
            return settings;
        }

        Report(new(root.Place, "The file is a list; expected settings, KEY = VALUE."));
        return null;
    }

    private void Include(
        IncludeStatement include, HoconNode.Object target, string[] at, string directory)
    {
        var isFound = false;
        foreach (var path in include.IsResource
            ? [include.Name]
            : Candidates(Path.Combine(directory, include.Name)))
        {
            using var stream = include.IsResource
                ? resources(path)
                : OpenIncluded(path, include.Place);
            if (stream is not null)
            {
                isFound = true;
                ThrowIfOpen(path, include.Place);
                target.AssignAll(ReadStream(stream, path, include.Place, at)
                    ?? new(include.Place));
            }
        }

        if (include.IsRequired && !isFound)
        {
            throw new HoconException(include.Place, include.IsResource
                ? $"'{include.Name}' is required and not part of this program."
                : $"'{include.Name}' is required and does not exist beside this file; create it, "
                    + "or leave required() out.");
        }
    }

    private void ThrowIfOpen(string path, Place place)
    {
        if (_open.Contains(Path.GetFullPath(path)))
        {
            throw new HoconException(place,
                $"This includes itself: {string.Join(" → ", _open.Reverse()
                    .Append(Path.GetFullPath(path)).Select(Path.GetFileName))}; remove one.");
        }
    }

    /// <summary>Without an extension: JSON first, HOCON over it.</summary>
    private static string[] Candidates(string path) =>
        Path.HasExtension(path) || Path.Exists(path) ? [path] : [$"{path}.json", $"{path}.conf"];

    /// <summary>Null when there is no such file.</summary>
    private static Stream? OpenIncluded(string path, Place place)
    {
        try
        {
            // Without bytes it says nothing; pipes and terminals have none, and would block.
            var file = new FileInfo(path);
            return Directory.Exists(path)
                    ? throw new HoconException(place,
                        $"'{path}' is a directory; include the files in it by name.")
                : !file.Exists ? null
                : file.Length == 0 ? Stream.Null
                : file.OpenRead();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoconException(place, $"{e.Message} Make it readable, or include another.");
        }
    }
}
