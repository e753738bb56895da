using System.Globalization;
using System.Reflection;
using Gossip.Actors;
using Gossip.Host.Commands;

namespace Gossip.Host.Node;

/// <summary>
/// How is a topic actor made of what a user named? Each assembly is loaded once, however many
/// actors it has.
/// </summary>
internal sealed class ActorClasses
{
    private readonly Dictionary<string, Assembly> _assemblies = new(StringComparer.Ordinal);

    /// <exception cref="CommandException">
    /// actor-unusable: no such file or type, or no topic actor that can be made.
    /// </exception>
    public Func<TopicActor> Find(ActorSource source)
    {
        var path = Path.GetFullPath(source.Assembly);
        if (!File.Exists(path))
        {
            throw Unusable(source, $"there is no file {path}. Build it first, or name it from "
                + $"where you are ({Environment.CurrentDirectory}).");
        }

        try
        {
            var type = Type(source, path);
            return () => (TopicActor)Activator.CreateInstance(
                type, BindingFlags.DoNotWrapExceptions, null, null, CultureInfo.InvariantCulture)!;
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException)
        {
            throw Unusable(source, $"{path} is no .NET assembly ({e.Message}).");
        }
        catch (Exception e) when (e is IOException or TypeLoadException
            or UnauthorizedAccessException or ReflectionTypeLoadException)
        {
            throw Unusable(source, $"it cannot be loaded: {e.Message} Build it with the "
                + $"Gossip.Actors of this node ({typeof(TopicActor).Assembly.GetName().Version}), "
                + "and keep what it needs beside it (dotnet publish).");
        }
    }

    private Type Type(ActorSource source, string path)
    {
        if (!_assemblies.TryGetValue(path, out var assembly))
        {
            _assemblies[path] = assembly = new ActorAssembly(path).Main();
        }

        var type = assembly.GetType(source.Type)
            ?? throw Unusable(source, $"{path} has no type '{source.Type}'. {Offer(assembly)}");
        return !type.IsSubclassOf(typeof(TopicActor))
                ? throw Unusable(source,
                    $"{type} does not extend {typeof(TopicActor)}. {Offer(assembly)}")
            : type.IsAbstract || type.ContainsGenericParameters
                ? throw Unusable(source, $"{type} is abstract or generic: name a class that can "
                    + "be made.")
            : type.GetConstructor([]) is null
                ? throw Unusable(source, $"{type} has no public constructor without parameters: "
                    + "the node makes it anew after each restart.")
            : type;
    }

    private static string Offer(Assembly assembly)
    {
        string?[] names =
        [
            .. assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(TopicActor)) && !type.IsAbstract)
                .Select(type => type.FullName)
                .Order(StringComparer.Ordinal),
        ];
        return names.Length == 0
            ? $"No type of this assembly extends {typeof(TopicActor)}."
            : $"Its topic actors: {string.Join(", ", names)}.";
    }

    private static CommandException Unusable(ActorSource source, string why) => new(
        ExitCode.Usage, "actor-unusable", $"Actor '{source.Name}' of '{source.Topic}': {why}");
}
