using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What can a person do about peers? Look, pardon, block. It is durable before reputation hears of
/// it, so what a caller was told holds after a crash too.
/// </summary>
internal sealed class Operator(RunningNode node, Supervisor supervisor, Standings standings)
{
    private const int ReasonCharactersMax = 200;

    private readonly ConcurrentDictionary<string, bool> _discovered = new();

    /// <summary>Addresses that were found by other means than the options.</summary>
    public IEnumerable<string> Discovered => _discovered.Keys;

    public ImmutableArray<PeerView> Peers => standings.Beside(
        node.Audience.Board.Peers, node.Options.Reputation.HalfLife, node.Now.UnixMilliseconds);

    /// <summary>Whom an earlier process kept out is kept out before anybody is met.</summary>
    public async Task<IMachine> CreateMachineAsync()
    {
        var kept = await node.Store.ExclusionsAsync(supervisor.Stopping).ConfigureAwait(false);
        var reputation = new Reputation(kept, node.Options.Reputation, node.Now);
        standings.Show(reputation.Look(node.Now));
        return reputation;
    }

    /// <summary>Known to the next generation of the peer book, too.</summary>
    public void Discover(string address)
    {
        if (_discovered.TryAdd(address, true))
        {
            supervisor.Tell(new Signal.Discovered(address));
        }
    }

    public void Vanish(string address)
    {
        if (_discovered.TryRemove(address, out _))
        {
            supervisor.Tell(new Signal.Vanished(address));
        }
    }

    public Task<PeerReputation> PardonAsync(Did did, CancellationToken stop) => DoAsync(
        did, new Signal.Pardoned(did),
        store => store.RemoveExclusionAsync(did, ExclusionKind.Ban, stop));

    /// <exception cref="GossipException">peer-self, block-reason.</exception>
    public Task<PeerReputation> BlockAsync(Did did, string reason, CancellationToken stop)
    {
        if (did.Equals(node.Self.Did))
        {
            throw new GossipException(
                "peer-self", $"{did} is this node itself: to leave a network, stop the node.");
        }

        if (reason.Length > ReasonCharactersMax)
        {
            throw new GossipException(
                "block-reason",
                $"A reason of {reason.Length} characters: at most {ReasonCharactersMax} are kept.");
        }

        var block = new Exclusion(
            did, ExclusionKind.Block, reason, node.Now.UnixMilliseconds, Until: null);
        return DoAsync(
            did, new Signal.Blocked(did, reason), store => store.WriteExclusionAsync(block, stop));
    }

    public Task<PeerReputation> UnblockAsync(Did did, CancellationToken stop) => DoAsync(
        did, new Signal.Unblocked(did),
        store => store.RemoveExclusionAsync(did, ExclusionKind.Block, stop));

    private async Task<PeerReputation> DoAsync(
        Did did, Signal signal, Func<Storage.IEntryStore, Task> write)
    {
        var before = standings.Of(did);
        await node.DoAsync(write).ConfigureAwait(false);
        supervisor.Tell(signal);
        return before.At(node.Now.UnixMilliseconds, node.Options.Reputation.HalfLife);
    }
}
