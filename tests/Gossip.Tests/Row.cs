using Xunit.Abstractions;
using Xunit.Sdk;

namespace Gossip.Tests;

/// <summary>
/// Names the rows of the feature list that a test shows: <c>dotnet test --filter Row=A8</c>.
/// </summary>
[TraitDiscoverer("Gossip.Tests.RowDiscoverer", "Gossip.Tests")]
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RowAttribute(string row) : Attribute, ITraitAttribute
{
    public string Row => row;
}

public sealed class RowDiscoverer : ITraitDiscoverer
{
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) =>
        [KeyValuePair.Create("Row", (string)traitAttribute.GetConstructorArguments().Single())];
}
