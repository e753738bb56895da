using Xunit.Abstractions;
using Xunit.Sdk;

namespace Gossip.Tests;

/// <summary>
/// Names the rows of the feature list that a test shows: <c>dotnet test --filter Row=A8</c>.
/// </summary>
[TraitDiscoverer("Gossip.Tests.RowDiscoverer", RowDiscoverer.Assembly)]
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RowAttribute(string row) : Attribute, ITraitAttribute
{
    public string Row => row;
}

public sealed class RowDiscoverer : ITraitDiscoverer
{
    /// <summary>
    /// xunit looks a discoverer up by name, and this file is part of two assemblies.
    /// </summary>
#if HOST_TESTS
    internal const string Assembly = "Gossip.Host.Tests";
#else
    internal const string Assembly = "Gossip.Tests";
#endif

    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) =>
        [KeyValuePair.Create("Row", (string)traitAttribute.GetConstructorArguments().Single())];
}
