namespace Gossip.Host.Configuration.Hocon;

internal enum LiteralKind
{
    Text,
    Number,
    Boolean,
    Null,

    /// <summary>Spaces between values: text beside text, else nothing.</summary>
    Blank,
}

/// <summary>What a text says, before substitutions are looked up.</summary>
internal abstract class HoconNode
{
    private HoconNode(Place place) => Place = place;

    public Place Place { get; }

    public sealed class Literal(string text, LiteralKind kind, Place place) : HoconNode(place)
    {
        public string Text => text;

        public LiteralKind Kind => kind;
    }

    public sealed class List(Place place) : HoconNode(place)
    {
        public List<HoconNode> Elements { get; } = [];
    }

    /// <summary>
    /// Each field with all that was assigned to it, oldest first: a substitution may look back.
    /// </summary>
    public sealed class Object(Place place) : HoconNode(place)
    {
        public OrderedDictionary<string, List<Assignment>> Fields { get; } =
            new(StringComparer.Ordinal);

        public void Assign(string name, Assignment assignment)
        {
            if (!Fields.TryGetValue(name, out var assigned))
            {
                Fields.Add(name, assigned = []);
            }

            // Neighbouring objects merge in any case; merged early they stay small.
            if (assigned is [.., { IsAppend: false, Value: Object older }]
                && assignment is { IsAppend: false, Value: Object newer })
            {
                older.AssignAll(newer);
                return;
            }

            assigned.Add(assignment);
        }

        /// <summary>A dotted key: an object for each word but the last.</summary>
        public void Assign(IReadOnlyList<string> path, Assignment assignment)
        {
            foreach (var name in path.Skip(1).Reverse())
            {
                var inner = new Object(assignment.KeyPlace);
                inner.Assign(name, assignment);
                assignment = new(assignment.KeyPlace, inner, false);
            }

            Assign(path[0], assignment);
        }

        public void AssignAll(Object newer)
        {
            foreach (var (name, assignments) in newer.Fields)
            {
                foreach (var assignment in assignments)
                {
                    Assign(name, assignment);
                }
            }
        }
    }

    /// <summary>
    /// <c>${path}</c> or <c>${?path}</c>; in an included file first below where it is included.
    /// </summary>
    public sealed class Substitution(
        string[] path, string[] includedAt, bool isOptional, Place place) : HoconNode(place)
    {
        public string[] Path => path;

        public string[] IncludedAt => includedAt;

        public bool IsOptional => isOptional;
    }

    public sealed class Concatenation(IReadOnlyList<HoconNode> parts, Place place)
        : HoconNode(place)
    {
        public IReadOnlyList<HoconNode> Parts => parts;
    }
}

/// <summary>One <c>key = value</c>, or <c>key += value</c>.</summary>
internal sealed record Assignment(Place KeyPlace, HoconNode Value, bool IsAppend);
