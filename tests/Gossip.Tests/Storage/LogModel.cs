using Gossip.Actors.Protocol;

namespace Gossip.Tests.Storage;

/// <summary>
/// What a store should hold of one log after random changes: recounted, never kept.
/// </summary>
internal sealed class LogModel(TestLog log)
{
    private readonly SortedSet<long> _held = [];
    private readonly Dictionary<long, long> _positions = [];
    private long _head;
    private long _delivered;
    private Closure? _closure;

    public LogRecord Record => log.Record(_head, _delivered, _closure);

    public IEnumerable<Entry> Undisputed => _held.Where(IsUndisputed).Select(seq => log[seq]);

    public IEnumerable<Dot> Islands =>
        Undisputed.Select(e => e.Dot).Where(dot => dot.Seq > _head);

    public IEnumerable<long> Positions =>
        _positions.Where(p => IsUndisputed(p.Key)).Select(p => p.Value);

    public Batch Change(Random random, ref long position) => random.Next(100) switch
    {
        0 when _head > 20 => Close(random.NextInt64(15, _head + 1)),
        < 40 => Insert(_head + random.NextInt64(2, 9)),
        < 55 when _delivered < _head => Deliver(ref position),
        _ => Insert(_head + 1),
    };

    private Batch Insert(long seq)
    {
        log.PayloadBytes = (int)(seq * 37 % 300);
        var isNew = _held.Add(seq);
        Advance();
        return log.Batch(isNew ? [log[seq]] : []) with { Logs = [Record] };
    }

    private Batch Deliver(ref long position)
    {
        var placements = new List<Placement>();
        while (_delivered < _head && placements.Count < 5)
        {
            _positions[++_delivered] = ++position;
            placements.Add(new(log[_delivered].Dot, position));
        }

        return log.Batch() with { Logs = [Record], Placements = [.. placements] };
    }

    private Batch Close(long slot)
    {
        if (_closure is null || slot < _closure.Slot)
        {
            _closure = log.ClosedAt(slot);
            (_head, _delivered) = (Math.Min(_head, slot - 1), Math.Min(_delivered, slot - 1));
        }

        return log.Batch() with { Logs = [Record] };
    }

    private void Advance()
    {
        while (_held.Contains(_head + 1) && IsUndisputed(_head + 1))
        {
            _head++;
        }
    }

    private bool IsUndisputed(long seq) => _closure is null || seq < _closure.Slot;
}
