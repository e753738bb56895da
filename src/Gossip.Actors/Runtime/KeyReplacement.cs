using System.Collections.Immutable;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// How does a node replace its key? The new key is kept first; then every topic is handed over;
/// then the files change places. A crash at any step is finished by the next start: what is done
/// is not done again.
/// </summary>
internal sealed class KeyReplacement(RunningNode node, NextKey? next)
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private KeyRotation? _done;

    /// <summary>A rotation began in an earlier life of the process.</summary>
    public bool IsUnfinished => next?.Waits == true;

    /// <summary>Null while this node's key is its key.</summary>
    public string? NotReady { get; private set; }

    /// <exception cref="GossipException">
    /// key-given, key-…, store-…, topic-…: what is done stays done; ask again to go on.
    /// </exception>
    public async Task<KeyRotation> RunAsync(CancellationToken stop)
    {
        var files = next ?? throw new GossipException(
            "key-given",
            "This node's key was given to it, or lives in memory: it is not this node's to "
            + "replace. A node with a data directory and no key of its own rotates.");
        await _one.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return _done ??= await ReplaceAsync(files).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Once begun it goes on, whoever stops waiting.</summary>
    private async Task<KeyRotation> ReplaceAsync(NextKey files)
    {
        using var successor = files.LoadOrCreate();
        var (old, follows) = (node.Self.Did, successor.Self);
        NotReady = "a rotation of this node's key is unfinished: run gossip key rotate";
        node.Publishing.Close(Reasons.KeyRotated(follows));
        var topics = ImmutableArray.CreateBuilder<TopicRotation>();
        foreach (var (topic, name) in node.Topics.All.ToArray())
        {
            var ends = await node.Publishing.RotateAsync(topic, successor).ConfigureAwait(false);
            topics.Add(new(name, [.. ends.Select(e => e.Dot)]));
        }

        files.TakeOver();
        NotReady = $"this node's key was rotated: restart it, and it is {follows}";
        var replaced = new NodeEvent.KeyReplaced(old, follows);
        node.Logger.Happened(replaced);
        node.Audience.Events.Publish(replaced);
        var peers = node.Audience.Board.Peers.Count(p => p.State == "connected");
        return new(old, follows, topics.DrainToImmutable(), peers);
    }
}
