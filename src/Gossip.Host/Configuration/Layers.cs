using System.Collections;
using Gossip.Host.Commands;
using Gossip.Host.Configuration.Hocon;
using Gossip.Host.Node;

namespace Gossip.Host.Configuration;

/// <summary>
/// What does a node start with? reference.conf, over it what the role sets, over it the file,
/// over it the environment, over it the flags.
/// </summary>
internal static class Layers
{
    private const string ReferenceFile = "reference.conf";

    private static readonly HoconSource ReferenceSource = new(ReferenceFile, false);

    /// <summary>Every key with its default and its reason; part of the program.</summary>
    public static string Reference { get; } = ReadReference();

    /// <summary>This process's variables.</summary>
    public static IReadOnlyDictionary<string, string> Environment =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            variable => (string)variable.Key, variable => (string?)variable.Value ?? "",
            StringComparer.Ordinal);

    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static Configured Read(
        NodeRole role, string? file, IReadOnlyDictionary<string, string> environment,
        IEnumerable<Flag> flags)
    {
        var reader = new HoconReader(OpenResource);
        var root = reader.ReadText(ReferenceSource, Reference);
        root.AssignAll(reader.ReadText(new($"gossip {role.Name}", false), role.Layer));
        var own = file is null ? null : ReadFile(reader, file);
        var notes = own is null ? [] : Notes(own, file!).ToArray();
        root.AssignAll(own ?? new(new(ReferenceSource, 1, 1)));
        root.AssignAll(PlainLayer.OfEnvironment(environment, reader.Add));
        root.AssignAll(PlainLayer.OfFlags(flags));
        return Effective(root, reader, environment) with { Notes = notes };
    }

    /// <summary>Resolved and set; with every error of the reader, too.</summary>
    internal static Configured Effective(
        HoconNode.Object root, HoconReader reader, IReadOnlyDictionary<string, string> environment)
    {
        var gossip = Resolver.Resolve(
            root, ["gossip"], name => environment.GetValueOrDefault(name), reader.Add);
        var applied = new Application(reader.Add);
        applied.Apply(gossip);
        var settings = applied.Settings;
        return new(
            settings.Runtime == RuntimeKind.Akka
                ? settings with { Akka = AkkaOf(root, reader, environment) }
                : settings,
            applied.Origins, InOrder(reader.Errors), []);
    }

    /// <summary>Akka knows its keys; what it does not know, it says when it starts.</summary>
    private static string? AkkaOf(
        HoconNode.Object root, HoconReader reader, IReadOnlyDictionary<string, string> environment)
    {
        var akka = Resolver.Resolve(
            root, ["akka"], name => environment.GetValueOrDefault(name), reader.Add);
        return akka is null ? null : $"{{\"akka\":{HoconJson.Write(akka.Value)}}}";
    }

    /// <summary>File by file as they were read, in each by line; then what is in none.</summary>
    private static HoconException[] InOrder(IEnumerable<HoconException> errors) =>
    [
        .. errors.GroupBy(error => error.Place.Source)
            .OrderByDescending(source => source.Key.HasLines)
            .SelectMany(file => file
                .OrderBy(error => error.Place.Line).ThenBy(error => error.Place.Column)),
    ];

    private static HoconNode.Object ReadFile(HoconReader reader, string file)
    {
        if (Directory.Exists(file))
        {
            throw CommandException.Usage($"'{file}' is a directory; name a file in it.");
        }

        try
        {
            return reader.ReadFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"{e.Message} Name a readable file.");
        }
    }

    /// <summary>Other roots are other programs' business, unless they look like a slip.</summary>
    private static IEnumerable<string> Notes(HoconNode.Object own, string file)
    {
        if (!own.Fields.ContainsKey("gossip"))
        {
            yield return $"{file} sets nothing under gossip {{ … }}.";
        }

        var words = Schema.Keys.SelectMany(key => key.Path.Split('.')).ToHashSet();
        foreach (var (name, assigned) in own.Fields.Where(field => field.Key != "gossip"))
        {
            if (words.Contains(name) || Slips.Nearest(name, ["gossip"]) is not null)
            {
                yield return $"{assigned[0].KeyPlace}: '{name}' is left alone, as everything "
                    + $"outside gossip {{ … }}. Did you mean '{(words.Contains(name)
                        ? $"gossip {{ {name} … }}" : "gossip")}'?";
            }
        }
    }

    internal static Stream? OpenResource(string name) =>
        typeof(Layers).Assembly.GetManifestResourceStream(name);

    private static string ReadReference()
    {
        using var reader = new StreamReader(OpenResource(ReferenceFile)!);
        return reader.ReadToEnd();
    }
}
