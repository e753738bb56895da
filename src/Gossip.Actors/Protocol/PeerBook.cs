using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Who exists, and whom should we be connected to? Dials the bootstrap addresses, and dials them
/// again for ever, with backoff and jitter; keeps one link per peer.
/// </summary>
public sealed class PeerBook(
    Self self, GossipOptions options, Random random, ImmutableArray<string> discovered) : IMachine
{
    private readonly SortedDictionary<string, DialTarget> _targets = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Link, (Peer Peer, long Since)> _links = [];
    private Signal.Distrusted _distrusted = new([], []);
    private readonly Twins _twins = new(self);

    public void Handle(Signal signal, Moment now, Outbox outbox)
    {
        switch (signal)
        {
            case Signal.Started:
                DialBootstrap(outbox);
                break;
            case Signal.PeerUp(var link, var peer):
                Meet(link, peer, now, outbox);
                break;
            case Signal.PeerDown(var link, var reason):
                Part(link, reason, now, outbox);
                break;
            case Signal.DialFailed failed:
                Fail(failed, outbox);
                break;
            case Signal.Distrusted distrusted:
                Heed(distrusted, outbox);
                break;
            case Signal.RedialDue(var address, var attempt):
                Redial(address, attempt, outbox);
                break;
            case Signal.MembersAt(_, var members):
                DialMembers(members, outbox);
                break;
            case Signal.Discovered(var address):
                Dial(new(address), outbox);
                break;
            case Signal.Vanished(var address):
                Forget(address);
                break;
            case Signal.Restate or Signal.Stopping:
                break;
            default:
                throw Invariant.Unexpected(this, signal);
        }

        outbox.Add(new Effect.Show(new View.Peers(Look())));
    }

    private void DialBootstrap(Outbox outbox)
    {
        foreach (var address in options.Bootstrap.Concat(discovered))
        {
            Dial(new(address), outbox);
        }
    }

    /// <summary>
    /// Who is a member of a topic is dialled where its policy says, and must prove that it is who
    /// was meant. An address that we dial anyway stays as it is.
    /// </summary>
    private void DialMembers(ImmutableArray<(Did Did, string Address)> members, Outbox outbox)
    {
        foreach (var (did, address) in members)
        {
            if (!did.Equals(self.Did) && _targets.Count < options.Sizes.ConnectionsMax)
            {
                Dial(new(address) { Wanted = did }, outbox);
            }
        }
    }

    /// <summary>A link that is there stays; nobody dials it again.</summary>
    private void Forget(string address)
    {
        if (!options.Bootstrap.Contains(address)
            && _targets.TryGetValue(address, out var target)
            && target.Wanted is null)
        {
            _targets.Remove(address);
        }
    }

    private void Dial(DialTarget target, Outbox outbox)
    {
        if (target.Address != self.ListenAddress && _targets.TryAdd(target.Address, target))
        {
            DialOrWait(target, outbox);
        }
    }

    private void DialOrWait(DialTarget target, Outbox outbox)
    {
        if (IsShunned(target))
        {
            Wait(target, "not dialled: see its reputation", outbox);
            return;
        }

        target.State = TargetState.Dialing;
        outbox.Add(new Effect.Dial(target.Address));
    }

    private void Meet(Link link, Peer peer, Moment now, Outbox outbox)
    {
        if (_links.ContainsKey(link))
        {
            return;
        }

        _twins.Meet(link, peer, AddressOf(peer), now, outbox);
        if (peer.DialedAddress is { } address && _targets.TryGetValue(address, out var dialed))
        {
            if (dialed.Wanted is { } wanted && !wanted.Equals(peer.Did))
            {
                var reason = $"{address} is not {wanted.Tail}, whom a topic's policy names there";
                outbox.Send(link, new GossipMessage.Goodbye(GoodbyeCode.WrongIdentity, reason));
                Wait(dialed, reason, outbox);
                return;
            }

            dialed.Peer = peer;
        }

        if (!_links.Values.Any(l => l.Peer.Did.Equals(peer.Did)))
        {
            outbox.Add(new Effect.Happened(new NodeEvent.PeerAdded(peer.Did, AddressOf(peer))));
        }

        var others = _links.Where(l => IsSamePlace(l.Value.Peer, peer)).ToArray();
        _links.Add(link, (peer, now.UnixMilliseconds));
        if (others.Count(l => l.Value.Peer.Instance == peer.Instance)
            >= options.Sizes.ConnectionsPerProcessMax)
        {
            // Whoever dials again and again would else be left to end them itself.
            outbox.Add(new Effect.Exceed(
                LimitKind.ConnectionsPerProcess, 1, $"{peer.Did.Tail}: {others.Length} are there"));
            End(link, "this process has enough connections here", outbox);
            others = [];
        }

        foreach (var (other, (old, _)) in others)
        {
            EndOneOf(other, old, link, peer, outbox);
        }

        foreach (var target in TargetsAt(peer))
        {
            (target.State, target.Attempts, target.LastError) = (TargetState.Connected, 0, null);
            target.Successes++;
            target.LastSeen = now.UnixMilliseconds;
        }
    }

    /// <summary>
    /// The same process, or a new process where an old one was: at the same address.
    /// </summary>
    private static bool IsSamePlace(Peer one, Peer other) => one.Did.Equals(other.Did)
        && (one.Instance == other.Instance
            || (one.ListenAddress.Length > 0 && one.ListenAddress == other.ListenAddress));

    /// <summary>
    /// Both sides decide alike: the link that the smaller DID dialled stays; of two processes with
    /// one key, the smaller instance.
    /// </summary>
    private void EndOneOf(Link older, Peer old, Link newer, Peer peer, Outbox outbox)
    {
        if (old.Instance != peer.Instance)
        {
            End(older, "its process was replaced by a new one", outbox);
            return;
        }

        var (olderIsOurs, newerIsOurs) = (old.DialedAddress != null, peer.DialedAddress != null);
        if (olderIsOurs == newerIsOurs)
        {
            // Whoever dialled twice ends the second; the other side leaves that to it.
            if (newerIsOurs)
            {
                End(newer, "already connected", outbox);
            }

            return;
        }

        var oursStays = (self.Did, self.Instance).CompareTo((peer.Did, peer.Instance)) < 0;
        End(oursStays == olderIsOurs ? newer : older, "already connected", outbox);
    }

    private static void End(Link link, string reason, Outbox outbox) =>
        outbox.Send(link, new GossipMessage.Goodbye(GoodbyeCode.Duplicate, reason));

    private void Part(Link link, string reason, Moment now, Outbox outbox)
    {
        if (!_links.Remove(link, out var gone))
        {
            return;
        }

        _twins.Part(link, now, outbox);
        if (!_links.Values.Any(l => l.Peer.Did.Equals(gone.Peer.Did)))
        {
            outbox.Add(new Effect.Happened(
                new NodeEvent.PeerRemoved(gone.Peer.Did, AddressOf(gone.Peer), reason)));
        }

        var lost = TargetsAt(gone.Peer).Where(t => !_links.Values.Any(l => t.IsAt(l.Peer)));
        foreach (var target in lost)
        {
            target.LastSeen = now.UnixMilliseconds;
            Wait(target, reason, outbox);
        }
    }

    private void Fail(Signal.DialFailed failed, Outbox outbox)
    {
        var (address, code, reason) = failed;
        if (code == GoodbyeCode.SelfDial)
        {
            _targets.Remove(address);
        }
        else if (_targets.TryGetValue(address, out var target)
            && target.State == TargetState.Dialing)
        {
            target.Peer = failed.Answered is { } did ? new(did, 0, address, address) : target.Peer;
            Wait(target, reason, outbox);
        }
    }

    /// <summary>Who is trusted again is dialled at once.</summary>
    private void Heed(Signal.Distrusted distrusted, Outbox outbox)
    {
        var shunned = _targets.Values
            .Where(t => t.State == TargetState.Waiting && IsShunned(t))
            .ToArray();
        _distrusted = distrusted;
        shunned.Where(t => !IsShunned(t)).ToList().ForEach(t => DialOrWait(t, outbox));
    }

    /// <summary>We do without those in quarantine only while we have others.</summary>
    private bool IsShunned(DialTarget target) => (target.Wanted ?? target.Peer?.Did) is { } did
        && (_distrusted.Barred.Contains(did)
            || (_distrusted.Quarantined.Contains(did)
                && _links.Values.Any(l => !_distrusted.Quarantined.Contains(l.Peer.Did))));

    private void Wait(DialTarget target, string reason, Outbox outbox)
    {
        (target.State, target.LastError) = (TargetState.Waiting, reason);
        target.Attempts++;
        var times = options.Times;
        var delay = times.RedialMin * Math.Pow(2, Math.Min(target.Attempts - 1, 30));
        delay = delay < times.RedialMax ? delay : times.RedialMax;

        // Half to whole: nodes that lost the same peer do not come back in step.
        delay *= 0.5 + random.NextDouble() / 2;
        outbox.After(delay, new Signal.RedialDue(target.Address, target.Attempts));
    }

    private void Redial(string address, long attempt, Outbox outbox)
    {
        if (_targets.TryGetValue(address, out var target)
            && target.State == TargetState.Waiting
            && target.Attempts == attempt)
        {
            DialOrWait(target, outbox);
        }
    }

    private static string AddressOf(Peer peer) => peer.DialedAddress ?? peer.ListenAddress;

    private IEnumerable<DialTarget> TargetsAt(Peer peer) =>
        _targets.Values.Where(t => t.IsAt(peer));

    private ImmutableArray<PeerView> Look()
    {
        var dialled = _targets.Values.Select(t => new PeerView(
            t.Peer?.Did.ToString(), t.Address, t.State.ToString().ToLowerInvariant(),
            t.LastSeen, t.Attempts, t.Successes, t.LastError));
        var accepted = _links.Values
            .Where(l => !TargetsAt(l.Peer).Any())
            .Select(l => new PeerView(
                l.Peer.Did.ToString(), l.Peer.ListenAddress, "connected", l.Since, 0, 1, null));
        return [.. dialled, .. accepted];
    }
}
