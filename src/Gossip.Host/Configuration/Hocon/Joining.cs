using System.Globalization;
using System.Text;

namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// A value to join with others. What is its own, written where it is joined, keeps looking back
/// from there; what came through a substitution is evaluated where it stands.
/// </summary>
internal readonly record struct Part(LazyValue Value, Place Place, bool IsOwn);

/// <summary>What do values side by side make, and objects one above the other?</summary>
internal sealed class Joining(Budget budget)
{
    /// <param name="layers">Objects, the newest first.</param>
    public LazyValue Merge(IReadOnlyList<Part> layers) =>
        layers.Count == 1 ? layers[0].Value : Overlay(layers.Reverse());

    /// <param name="layers">Objects, the newest last.</param>
    private LazyValue.Object Overlay(IEnumerable<Part> layers)
    {
        var fields = new OrderedDictionary<string, Slot>(StringComparer.Ordinal);
        foreach (var (level, _, isOwn) in layers)
        {
            foreach (var (name, slot) in ((LazyValue.Object)level).Fields)
            {
                if (!fields.TryGetValue(name, out var merged))
                {
                    fields.Add(name, merged = new());
                }

                budget.Spend(slot.Said.Count, slot.Said[0].KeyPlace);
                if (isOwn)
                {
                    merged.Said.AddRange(slot.Said);
                }
                else
                {
                    merged.Said.Add(new(null, slot, slot.Said[^1].KeyPlace));
                }
            }
        }

        return new(fields);
    }

    /// <summary>Null when nothing but spaces is left.</summary>
    public LazyValue? Join(IReadOnlyList<Part> parts)
    {
        if (parts.Any(part => part.Value == LazyValue.Failed))
        {
            return LazyValue.Failed;
        }

        var solid = parts.Where(part => !IsBlank(part.Value)).ToArray();
        return solid switch
        {
            [] => null,
            _ when solid.All(part => part.Value is LazyValue.Text) => JoinTexts(parts),
            _ when solid.All(part => part.Value is LazyValue.Object) => Overlay(solid),
            _ => JoinLists(solid),
        };
    }

    /// <summary>
    /// Of an object with numbers for keys, in their order; null when it has none.
    /// </summary>
    public static IReadOnlyList<T>? Numbered<T>(IEnumerable<KeyValuePair<string, T>> fields)
    {
        T[] elements = [.. fields
            .Select(field => (Index: Index(field.Key), field.Value))
            .Where(field => field.Index is not null)
            .OrderBy(field => field.Index)
            .Select(field => field.Value)];
        return elements.Length > 0 ? elements : null;

        static int? Index(string name) => int.TryParse(
            name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    private LazyValue JoinTexts(IReadOnlyList<Part> parts)
    {
        if (parts is [var only])
        {
            return only.Value;
        }

        var text = new StringBuilder();
        foreach (var (value, place, _) in parts)
        {
            var part = ((LazyValue.Text)value).Value;
            budget.Spend(part.Length, place);
            text.Append(part);
        }

        return new LazyValue.Text(text.ToString(), LiteralKind.Text);
    }

    private LazyValue.List JoinLists(IReadOnlyList<Part> parts)
    {
        var elements = new List<Slot>();
        foreach (var (value, place, _) in parts)
        {
            var more = value switch
            {
                LazyValue.List list => list.Elements,
                LazyValue.Object fields => Numbered(fields.Fields),
                _ => null,
            };
            if (more is null)
            {
                var other = parts.First(part => part.Value.GetType() != value.GetType()).Value;
                throw new HoconException(place,
                    $"{Name(value)} beside {Name(other)}; only equal kinds can be joined.");
            }

            budget.Spend(more.Count, place);
            elements.AddRange(more);
        }

        return new(elements);
    }

    private static string Name(LazyValue value) => value switch
    {
        LazyValue.List => "a list",
        LazyValue.Object => "an object",
        _ => "a text",
    };

    private static bool IsBlank(LazyValue value) =>
        value is LazyValue.Text { Kind: LiteralKind.Blank };
}
