namespace Gossip.Host.Configuration.Hocon;

/// <summary>What a configuration says in the end, and where it says so.</summary>
internal abstract record HoconValue(Place Place)
{
    /// <summary>A text, number, true, false or null, as it was written.</summary>
    public sealed record Scalar(string Text, LiteralKind Kind, Place Place) : HoconValue(Place)
    {
        public bool IsNull => Kind == LiteralKind.Null;
    }

    public sealed record List(IReadOnlyList<HoconValue> Items, Place Place) : HoconValue(Place);

    public sealed record Object(OrderedDictionary<string, Field> Fields, Place Place)
        : HoconValue(Place);

    /// <summary>The place is the key's.</summary>
    public sealed record Field(Place Place, HoconValue Value);
}
