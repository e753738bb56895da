using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// May this link be read on already? An identity that sends more than it may is read more slowly,
/// and TCP tells it so; nobody else waits. Without an allowance: always.
/// </summary>
internal readonly record struct Pace(
    SharedAllowance? Allowance,
    CreditPool? Pool,
    TimeProvider Time,
    Action<LimitKind>? Exceed)
{
    /// <summary>Shorter waits cost more than they hold up; what is owed stays.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);

    /// <summary>Whether a frame had to wait for credit: its own, or what all share.</summary>
    public void Note(bool? waitedForOthers)
    {
        if (waitedForOthers is { } others)
        {
            Exceed?.Invoke(others ? LimitKind.Received : LimitKind.Credit);
        }
    }

    public ValueTask KeepAsync(int bytes, CancellationToken stop)
    {
        if (Allowance?.Read(bytes) is not var (limit, wait) || wait == TimeSpan.Zero)
        {
            return ValueTask.CompletedTask;
        }

        Exceed?.Invoke(limit);
        return wait < Shortest ? ValueTask.CompletedTask : new(Task.Delay(wait, Time, stop));
    }
}
