namespace Gossip.Actors.Protocol;

/// <summary>
/// Was this published before? The store knows what is durable, this knows what is on its way: of
/// several publishes under one key the first is written, and all of them get its receipts.
/// </summary>
internal sealed class Keyed
{
    /// <summary>Under way, with those who came later and wait for the same receipts.</summary>
    private readonly Dictionary<PublishKey, List<CallId>> _followers = [];

    /// <summary>
    /// Asks the store, unless one under this key is on its way: then this one waits for it.
    /// </summary>
    public void Ask(Signal.Publish publish, PublishKey key, Outbox outbox)
    {
        if (_followers.TryGetValue(key, out var followers))
        {
            followers.Add(publish.Call);
            return;
        }

        _followers.Add(key, []);
        outbox.Add(new Effect.Recall(publish, key));
    }

    /// <summary>True when it was never published: it is now to be written.</summary>
    public bool IsNew(Signal.Recalled recalled, Outbox outbox)
    {
        if (recalled.Published is { } publication)
        {
            Acknowledge(recalled.Asked, publication, outbox);
        }

        return recalled.Published is null;
    }

    /// <summary>It is durable: whoever came with this key is told.</summary>
    public void Acknowledge(Signal.Publish publish, Publication publication, Outbox outbox)
    {
        var receipts = publication.Receipts;
        outbox.Add(new Effect.Acknowledge(publish.Call, receipts));
        if (publish.Key is { } key && _followers.Remove(key, out var followers))
        {
            followers.ForEach(call => outbox.Add(new Effect.Acknowledge(call, receipts)));
        }
    }
}
