namespace Gossip.Simulation;

/// <summary>Something that keeps frames from going some ways, until it is lifted.</summary>
public sealed class Block(IReadOnlyList<(int From, int To)> ways)
{
    public IReadOnlyList<(int From, int To)> Ways => ways;

    public bool IsLifted { get; set; }
}

/// <summary>Which ways are closed? Blocks may overlap: a way is open when none is left.</summary>
public sealed class Blocks(int nodes)
{
    private readonly int[] _closed = new int[nodes * nodes];

    public bool IsBlocked(int from, int to) => _closed[(from * nodes) + to] > 0;

    public Block Add(IReadOnlyList<(int From, int To)> ways)
    {
        foreach (var (from, to) in ways)
        {
            _closed[(from * nodes) + to]++;
        }

        return new(ways);
    }

    public void Lift(Block block)
    {
        if (!block.IsLifted)
        {
            block.IsLifted = true;
            foreach (var (from, to) in block.Ways)
            {
                _closed[(from * nodes) + to]--;
            }
        }
    }
}
