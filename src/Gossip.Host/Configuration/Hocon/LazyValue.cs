namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// A value whose outside is known and whose inside is not looked at yet: a substitution inside an
/// object may need another field of the same object.
/// </summary>
internal abstract class LazyValue
{
    private LazyValue()
    {
    }

    /// <summary>Reported already; whoever needs it goes without.</summary>
    public static readonly LazyValue Failed = new Failure();

    public sealed class Text(string text, LiteralKind kind) : LazyValue
    {
        public string Value => text;

        public LiteralKind Kind => kind;
    }

    public sealed class List(IReadOnlyList<Slot> elements) : LazyValue
    {
        public IReadOnlyList<Slot> Elements => elements;
    }

    public sealed class Object(OrderedDictionary<string, Slot> fields) : LazyValue
    {
        public OrderedDictionary<string, Slot> Fields => fields;
    }

    private sealed class Failure : LazyValue;
}

/// <summary>
/// One thing said about a slot: what a text assigns, or, where an object came through a
/// substitution, the slot of that object.
/// </summary>
internal readonly record struct Said(Assignment? Assignment, Slot? Other, Place KeyPlace)
{
    /// <summary>Where the value stands.</summary>
    public Place Place => Assignment?.Value.Place ?? KeyPlace;
}

/// <summary>A value, and what of all that was said decided it.</summary>
internal readonly record struct Decided(LazyValue? Value, Said By);

/// <summary>A field or an element: all that was said about it, oldest first.</summary>
internal sealed class Slot
{
    public List<Said> Said { get; } = [];

    /// <summary>
    /// While the slot is evaluated: which assignment; who asks then looks below it.
    /// </summary>
    public int? Evaluating { get; set; }

    /// <summary>The value of the first so many assignments, once it is known.</summary>
    public Dictionary<int, Decided> Known { get; } = [];

    /// <summary>The newest that was said, unless it turned out to be nothing.</summary>
    public Said DecidedBy => Known.TryGetValue(Said.Count, out var decided)
        ? decided.By
        : Said[^1];

    public static Slot Of(HoconNode node)
    {
        var slot = new Slot();
        slot.Said.Add(new(new(node.Place, node, false), null, node.Place));
        return slot;
    }
}
