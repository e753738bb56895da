using System.Reflection;
using System.Runtime.Loader;
using Gossip.Actors;

namespace Gossip.Host.Node;

/// <summary>
/// A user's assembly with its own dependencies beside it. Only the library is the host's: a topic
/// actor must extend the very class that this node knows.
/// </summary>
internal sealed class ActorAssembly(string path)
    : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private static readonly string? Shared = typeof(TopicActor).Assembly.GetName().Name;

    private readonly AssemblyDependencyResolver _dependencies = new(path);

    public Assembly Main() => LoadFromAssemblyPath(path);

    /// <summary>Null: the host's own, and those of .NET.</summary>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name != Shared
        && _dependencies.ResolveAssemblyToPath(assemblyName) is { } found
            ? LoadFromAssemblyPath(found)
            : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _dependencies.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found
            ? LoadUnmanagedDllFromPath(found)
            : 0;
}
