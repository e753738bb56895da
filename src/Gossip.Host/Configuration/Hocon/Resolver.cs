namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// What does a configuration say in the end, with every substitution looked up? A value that
/// came through one stands where the substitution stands: that is where a person can change it.
/// </summary>
internal sealed class Resolver
{
    private readonly Evaluation _evaluation;
    private readonly Action<HoconException> _report;
    private readonly HashSet<LazyValue> _open = [];
    private readonly Dictionary<Slot, HoconValue?> _known = [];

    private Resolver(
        HoconNode.Object root,
        Func<string, string?> environment,
        Action<HoconException> report) =>
        (_evaluation, _report) = (new(root, environment, report), report);

    /// <param name="root">All files, laid over each other.</param>
    /// <param name="path">What to resolve; all of it when empty. The rest is not looked at.</param>
    /// <param name="environment">Where a substitution looks last.</param>
    /// <param name="report">Gets each error.</param>
    /// <returns>Null when nothing is there, or nothing that can be told.</returns>
    public static HoconValue.Field? Resolve(
        HoconNode.Object root,
        string[] path,
        Func<string, string?> environment,
        Action<HoconException> report)
    {
        var resolver = new Resolver(root, environment, report);
        try
        {
            return resolver._evaluation.Find(path) is { } slot
                ? resolver.FinishField(slot)
                : null;
        }
        catch (HoconLimitException e)
        {
            report(e.Error);
            return null;
        }
    }

    private HoconValue? Finish(Slot slot)
    {
        if (_known.TryGetValue(slot, out var known))
        {
            return known;
        }

        _evaluation.Budget.Enter(slot.Said[^1].KeyPlace);
        var finished = Finish(slot, _evaluation.Evaluate(slot));
        _evaluation.Budget.Leave();
        return _known[slot] = finished;
    }

    private HoconValue? Finish(Slot slot, LazyValue? value)
    {
        var place = Origin(slot).Place;
        if (value is null or LazyValue.Text)
        {
            return value is LazyValue.Text text
                ? new HoconValue.Scalar(text.Value, text.Kind, place)
                : null;
        }

        if (!_open.Add(value))
        {
            if (slot.DecidedBy.Assignment?.Value is not HoconNode.Substitution { IsOptional: true })
            {
                _report(new(place,
                    "This substitution contains itself; write out what it should contain."));
            }

            return null;
        }

        HoconValue? finished = value switch
        {
            LazyValue.List list => new HoconValue.List(
                [.. list.Elements.Select(Finish).OfType<HoconValue>()], place),
            LazyValue.Object level => Finish(level, place),
            _ => null,
        };
        _open.Remove(value);
        return finished;
    }

    private HoconValue.Object Finish(LazyValue.Object level, Place place)
    {
        var fields = new OrderedDictionary<string, HoconValue.Field>(StringComparer.Ordinal);
        foreach (var (name, slot) in level.Fields)
        {
            if (FinishField(slot) is { } field)
            {
                fields.Add(name, field);
            }
        }

        return new(fields, place);
    }

    private HoconValue.Field? FinishField(Slot slot) =>
        Finish(slot) is { } value ? new(Origin(slot).KeyPlace, value) : null;

    /// <summary>Of an object that came through a substitution: what its own field says.</summary>
    private Said Origin(Slot slot)
    {
        while (slot.DecidedBy.Other is { } other)
        {
            _evaluation.Budget.Spend(1, slot.Said[^1].KeyPlace);
            slot = other;
        }

        return slot.DecidedBy;
    }
}
