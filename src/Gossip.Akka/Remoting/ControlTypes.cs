using Akka.Serialization;
using Hyperion;

namespace Gossip.Akka.Remoting;

/// <summary>
/// Which types may Hyperion write and read? Each is a number on the wire: its place in this list.
/// </summary>
/// <remarks>
/// In place of allowed-types in the configuration: Hyperion 0.12 keeps those by their short names
/// and, when it writes, looks for the full name with version and key, so that whatever is allowed
/// to be read is refused to be written.
/// </remarks>
internal sealed class ControlTypes : IKnownTypesProvider, ITypeFilter
{
    public static readonly ControlTypes All = new();

    private static readonly Type[] Known =
        [typeof(Knock), typeof(Welcome), typeof(Proof), typeof(Refused)];

    public IEnumerable<Type> GetKnownTypes() => Known;

    public bool IsAllowed(string typeName) =>
        Known.Any(type => type.AssemblyQualifiedName == typeName);
}
