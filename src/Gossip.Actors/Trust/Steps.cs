namespace Gossip.Actors.Trust;

/// <summary>
/// How far had one log of an author seen another, at each of its slots? Only the slots at which
/// that grew are kept, whatever the order in which they come.
/// </summary>
internal sealed class Steps
{
    private readonly List<(long Seq, long Seen)> _steps = [];

    public int Count => _steps.Count;

    public void Add(long seq, long seen)
    {
        var at = IndexAfter(seq);
        if (at > 0 && _steps[at - 1].Seen >= seen)
        {
            return;
        }

        var needless = _steps.Skip(at).TakeWhile(step => step.Seen <= seen).Count();
        _steps.RemoveRange(at, needless);
        _steps.Insert(at, (seq, seen));
    }

    /// <summary>What an entry at this slot had seen.</summary>
    public long At(long seq) => IndexAfter(seq) is > 0 and var at ? _steps[at - 1].Seen : 0;

    /// <summary>The first step that comes after this slot.</summary>
    private int IndexAfter(long seq)
    {
        var (low, high) = (0, _steps.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _steps[middle].Seq <= seq ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
