namespace Gossip.Actors.Protocol;

/// <summary>How does this node take back what an entry carries? By a signed entry of its own.
/// </summary>
internal sealed class Eraser(Self self, TopicId topic, IKeys keys, Policy policy, Authorship own)
{
    public void Ask(Signal.Erase asked, Outbox outbox)
    {
        var (_, call, dot, entry) = asked;
        var erasure = new Erasure(
            dot, entry, self.Did, keys.Sign(Erasure.StatementOf(entry)));
        if (policy.Allows(erasure))
        {
            own.Content.Enqueue(new(topic, call, [new Payload(erasure.Encode())])
            {
                Erases = true,
            });
            return;
        }

        outbox.Add(new Effect.Decline(
            call, "erase-refused",
            $"{dot} was written by {dot.Log.Author}: only who wrote an entry erases it, or the "
            + "topic's owner."));
    }
}
