using Gossip.Actors.Protocol;

namespace Gossip.Actors.Trust;

/// <summary>
/// Which keys are one author's? Every rotation counts, whoever's it is and in whatever order they
/// come; a key that names two successors has both, as in a policy.
/// </summary>
internal sealed class Lineage
{
    private readonly Dictionary<Did, SortedSet<Did>> _successors = [];
    private readonly Dictionary<Did, SortedSet<Did>> _predecessors = [];

    /// <summary>Rotations remembered.</summary>
    public int Count { get; private set; }

    public IEnumerable<Did> Rotated => _successors.Keys;

    /// <summary>True when it is new.</summary>
    public bool Add(Did old, Did successor)
    {
        if (old.Equals(successor) || !SetOf(_successors, old).Add(successor))
        {
            return false;
        }

        SetOf(_predecessors, successor).Add(old);
        Count++;
        return true;
    }

    /// <summary>Whom this key named does not follow it any more; how many those were.</summary>
    public int Forget(Did old)
    {
        if (!_successors.Remove(old, out var named))
        {
            return 0;
        }

        foreach (var successor in named)
        {
            _predecessors[successor].Remove(old);
        }

        Count -= named.Count;
        return named.Count;
    }

    public bool IsRotated(Did who) => _successors.ContainsKey(who);

    /// <summary>Itself, and every key before it, the nearest first.</summary>
    public IReadOnlyList<Did> Before(Did who) => Follow(who, _predecessors);

    /// <summary>Who speaks for this key now: itself, or who was named last.</summary>
    public IEnumerable<Did> Heirs(Did who) => IsRotated(who)
        ? Follow(who, _successors).Where(heir => !IsRotated(heir))
        : [who];

    private static SortedSet<Did> SetOf(Dictionary<Did, SortedSet<Did>> all, Did who)
    {
        if (!all.TryGetValue(who, out var set))
        {
            all.Add(who, set = []);
        }

        return set;
    }

    private static List<Did> Follow(Did who, Dictionary<Did, SortedSet<Did>> next)
    {
        var found = new List<Did> { who };
        for (var i = 0; i < found.Count; i++)
        {
            var more = next.GetValueOrDefault(found[i]) ?? [];
            found.AddRange(more.Except(found).ToArray());
        }

        return found;
    }
}
