namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// What is the value of a slot? The newest that was said, objects merged with what lies below
/// them. A substitution looks forward, to the final value; where that would be a circle it looks
/// back, to what was said before.
/// </summary>
internal sealed class Evaluation
{
    private readonly Slot _root;
    private readonly Func<string, string?> _environment;
    private readonly Action<HoconException> _report;
    private readonly Stack<HoconNode.Substitution> _trail = new();
    private bool _isCircle;

    public Evaluation(
        HoconNode.Object root,
        Func<string, string?> environment,
        Action<HoconException> report)
    {
        (_root, _environment, _report) = (Slot.Of(root), environment, report);
        Joining = new(Budget);
    }

    public Budget Budget { get; } = new();

    public Joining Joining { get; }

    /// <summary>Null when nothing is there.</summary>
    public Slot? Find(IEnumerable<string> path)
    {
        var slot = _root;
        foreach (var name in path)
        {
            if (Evaluate(slot) is not LazyValue.Object level
                || !level.Fields.TryGetValue(name, out slot))
            {
                return null;
            }
        }

        return slot;
    }

    public LazyValue? Evaluate(Slot slot) => Evaluate(slot, slot.Said.Count);

    /// <summary>The value of the oldest <paramref name="count"/> assignments.</summary>
    private LazyValue? Evaluate(Slot slot, int count)
    {
        if (slot.Evaluating is { } at && at < count)
        {
            count = at;
            _isCircle |= count == 0;
        }

        if (count == 0)
        {
            return null;
        }

        if (slot.Known.TryGetValue(count, out var known))
        {
            return known.Value;
        }

        var outer = slot.Evaluating;
        Budget.Enter(slot.Said[count - 1].KeyPlace);
        try
        {
            var decided = Merge(slot, count);
            slot.Known[count] = decided;
            return decided.Value;
        }
        finally
        {
            slot.Evaluating = outer;
            Budget.Leave();
        }
    }

    /// <summary>From the newest down, until something hides the rest.</summary>
    private Decided Merge(Slot slot, int count)
    {
        var layers = new List<Part>();
        var by = slot.Said[count - 1];
        for (var i = count - 1; i >= 0; i--)
        {
            slot.Evaluating = i;
            var said = slot.Said[i];
            Budget.Spend(1, said.KeyPlace);
            var value = said switch
            {
                { Other: { } other } => Evaluate(other),
                { Assignment.IsAppend: true } => Append(slot, i),
                _ => Evaluate(said.Assignment!.Value),
            };
            if (value is not null && layers.Count == 0)
            {
                by = said;
            }

            switch (value)
            {
                case null:
                    continue;
                case LazyValue.Object:
                    layers.Add(new(value, said.Place, said.Assignment?.Value is (
                        HoconNode.Object or HoconNode.Concatenation)));
                    continue;
                default:
                    return new(layers.Count == 0 ? value : Joining.Merge(layers), by);
            }
        }

        return new(layers.Count == 0 ? null : Joining.Merge(layers), by);
    }

    /// <summary>All <c>+=</c> in a row at once: one by one they would be as deep as many.</summary>
    private LazyValue? Append(Slot slot, int newest)
    {
        var first = newest;
        while (first > 0 && slot.Said[first - 1].Assignment is { IsAppend: true })
        {
            first--;
        }

        var place = slot.Said[first].Place;
        var list = new LazyValue.List([.. slot.Said[first..(newest + 1)].Select(
            said => Slot.Of(said.Assignment!.Value))]);
        slot.Evaluating = first;
        return Guarded(place, () => Evaluate(slot, first) is { } below
            ? Joining.Join([new(below, place, false), new(list, place, true)])
            : list);
    }

    private LazyValue? Evaluate(HoconNode node) => node switch
    {
        HoconNode.Literal literal => new LazyValue.Text(literal.Text, literal.Kind),
        HoconNode.List list => new LazyValue.List([.. list.Elements.Select(Slot.Of)]),
        HoconNode.Object fields => Open(fields),
        HoconNode.Substitution substitution => Substitute(substitution),
        HoconNode.Concatenation parts => Concatenate(parts),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static LazyValue.Object Open(HoconNode.Object node)
    {
        var fields = new OrderedDictionary<string, Slot>(
            node.Fields.Count, StringComparer.Ordinal);
        foreach (var (name, assignments) in node.Fields)
        {
            var slot = new Slot();
            slot.Said.AddRange(assignments.Select(a => new Said(a, null, a.KeyPlace)));
            fields.Add(name, slot);
        }

        return new(fields);
    }

    private LazyValue? Concatenate(HoconNode.Concatenation node)
    {
        var parts = node.Parts
            .Select(node => new Part(Evaluate(node)!, node.Place, node is HoconNode.Object))
            .Where(part => part.Value is not null)
            .ToArray();
        return Guarded(node.Place, () => Joining.Join(parts));
    }

    private LazyValue? Substitute(HoconNode.Substitution node)
    {
        _trail.Push(node);
        var outer = _isCircle;
        _isCircle = false;
        try
        {
            return Look(node.IncludedAt.Length > 0 ? [.. node.IncludedAt, .. node.Path] : node.Path)
                ?? (node.IncludedAt.Length > 0 ? Look(node.Path) : null)
                ?? (_environment(string.Join('.', node.Path)) is { } text
                    ? new LazyValue.Text(text, LiteralKind.Text)
                    : node.IsOptional ? null : Fail(NotFound(node)));
        }
        finally
        {
            _isCircle = outer;
            _trail.Pop();
        }
    }

    private LazyValue? Look(IEnumerable<string> path) =>
        Find(path) is { } slot ? Evaluate(slot) : null;

    private HoconException NotFound(HoconNode.Substitution node)
    {
        var path = PathReader.Show(node.Path);
        var trail = _trail.Reverse().Select(s => PathReader.Show(s.Path)).ToList();
        var circle = trail.IndexOf(path) is var first && first < trail.Count - 1
            ? trail[first..]
            : [path, .. trail];
        return new(node.Place, _isCircle
            ? $"'${{{path}}}' leads to itself ({string.Join(" → ", circle)}) and nothing stands "
                + "before it; write one of them out."
            : $"'${{{path}}}' is set nowhere: neither in the files nor in the environment. Set it, "
                + $"or write ${{?{path}}} if it may be missing.");
    }

    private LazyValue? Guarded(Place place, Func<LazyValue?> join)
    {
        try
        {
            return join();
        }
        catch (HoconException e)
        {
            return Fail(new(place, e.Message));
        }
    }

    private LazyValue Fail(HoconException error)
    {
        _report(error);
        return LazyValue.Failed;
    }
}
