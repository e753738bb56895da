using Gossip.Actors.Diagnostics;
using Gossip.Actors.Trust;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Do the members of the topics whose gate this node keeps match their scores? Looks at each change
/// of a score, a rule or a member, and lets in or closes out at once. What fails is tried again:
/// each look compares everything anew, so nothing has to be remembered.
/// </summary>
internal sealed class Gatekeeper(
    ITrustSource trust, IGatedTopics topics, GossipTimes times, TimeProvider time, ILogger logger)
{
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Task changes = Task.WhenAny(trust.NextChange, topics.NextChange);
            var isDone = await TendAsync(stop).ConfigureAwait(false);
            await changes
                .WaitAsync(isDone ? Timeout.InfiniteTimeSpan : times.ActorRetry, time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Each topic by itself: trouble in one keeps nobody out of another.</summary>
    private async Task<bool> TendAsync(CancellationToken stop)
    {
        var isDone = true;
        foreach (var topic in topics.Topics)
        {
            isDone &= await TryAsync(topic, () => TendAsync(topic, stop), stop)
                .ConfigureAwait(false);
        }

        return isDone;
    }

    private async Task<bool> TendAsync(GatedTopic topic, CancellationToken stop)
    {
        var members = await topics.MembersAsync(topic.Name, stop).ConfigureAwait(false);
        var ranked = await trust.ReachingAsync(topic.Owner, topic.Rules.StayTrust, stop)
            .ConfigureAwait(false);
        var decision = Gate.Decide(topic.Rules, members, ranked);
        var isDone = true;

        // Closing comes first: rights that are gone matter more than rights that are new.
        foreach (var member in decision.Close)
        {
            isDone &= await TryAsync(
                topic, () => DoAsync(topics.RevokeAsync(topic.Name, member.Who, stop)), stop)
                .ConfigureAwait(false);
        }

        foreach (var who in decision.Admit.Where(who => !who.Equals(topic.Owner)))
        {
            isDone &= await TryAsync(
                topic, () => DoAsync(topics.InviteAsync(topic.Name, who, stop)), stop)
                .ConfigureAwait(false);
        }

        return isDone;
    }

    private static async Task<bool> DoAsync(Task work)
    {
        await work.ConfigureAwait(false);
        return true;
    }

    /// <summary>False when it has to be tried again.</summary>
    private async Task<bool> TryAsync(
        GatedTopic topic, Func<Task<bool>> work, CancellationToken stop)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
#pragma warning disable CA1031 // Not swallowed: said, and tried again. A source may throw anything.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.GateStuck(topic.Name.Value, e.Message);
            return false;
        }
    }
}
