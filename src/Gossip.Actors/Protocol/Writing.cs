namespace Gossip.Actors.Protocol;

/// <summary>What do we write into this batch, and where does it stand in the order?</summary>
internal sealed class Writing(
    Authorship own,
    Intake intake,
    Delivery delivery,
    Policy policy,
    IReadOnlyDictionary<LogId, LogState> logs,
    GossipSizes sizes)
{
    /// <summary>As much of what waits as one batch holds.</summary>
    public void Write(Author author, Plan plan, Moment now, Outbox outbox)
    {
        for (var bytes = 0; author.HasWork && bytes < sizes.CreditBytes;)
        {
            if (own.Answer(author, outbox))
            {
                continue;
            }

            var (entry, publishes) = author.Write(logs, delivery.Clock, now);
            bytes += entry.Size;
            intake.Hold(entry, plan, outbox);
            Place(plan, [entry.Header.Log]);
            var position = plan.Placements.FindLast(p => p.Dot == entry.Dot).Position;
            plan.Publishes.Add((entry, publishes, position));
        }
    }

    /// <summary>The ends of all that we write; whoever asked is answered, if there are none.
    /// </summary>
    public void HandOver(Handover handover, Plan plan, Moment now, Outbox outbox)
    {
        var ends = handover.Write(delivery.Clock, now, out var call);
        if (ends.Length == 0)
        {
            outbox.Add(new Effect.Acknowledge(call, []));
            return;
        }

        foreach (var end in ends)
        {
            intake.Hold(end, plan, outbox);
            Place(plan, [end.Header.Log]);
            plan.Publishes.Add((end, [], 0));
        }

        plan.Rotation = (call, [.. ends.Select(e => new Receipt(e.Id, e.Dot, 0, 0))]);
    }

    /// <summary>What has become deliverable; entries of policy logs are not for readers.</summary>
    public void Place(Plan plan, IEnumerable<LogId> touched)
    {
        var placements = delivery.Advance(
            touched.Where(log => !policy.Rights.RulingOn(log).IsPolicyLog));
        plan.Placements.AddRange(placements);
        plan.Touched.UnionWith(placements.Select(p => p.Dot.Log));
    }
}
