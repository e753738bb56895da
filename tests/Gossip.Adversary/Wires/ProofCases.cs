using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Tests.Hostile;

namespace Gossip.Adversary.Wires;

/// <summary>Can anybody but its author end a log, or can a relay make a second entry?</summary>
internal static class ProofCases
{
    private static readonly Forge Other = new(EcKeys.Generate());

    public static IEnumerable<WireCase> All =>
    [
        Vain("one entry twice", "and no end", _ => Own((a, _) => (a, a))),
        Vain("two neighbours", "of an honest chain", _ => Own((a, b) => (a, b))),
        Vain("two logs", "of one author", s =>
        {
            var second = new Forge(s.Author, incarnation: 2);
            return Task.FromResult((s.Forge.First().SignedHeader, second.First().SignedHeader));
        }),
        Vain("two authors", "in one slot", s => Task.FromResult(
            (s.Forge.First().SignedHeader, Other.First().SignedHeader))),
        Vain("two topics", "in one slot", s => Task.FromResult((
            s.Forge.First().SignedHeader,
            s.Forge.Write(1, EntryId.None, "x", h => h with
            {
                Topic = TopicId.OfPublic(new("other")),
            }).SignedHeader))),
        Vain("two networks", "in one slot", s => Task.FromResult((
            s.Forge.First().SignedHeader,
            s.Forge.Write(1, EntryId.None, "x", h => h with { Network = "production" })
                .SignedHeader))),
        Vain("another network alone", "a true fork in production", s => Task.FromResult((
            Away(s, "one").SignedHeader, Away(s, "two").SignedHeader))),
        Vain("an honest entry, altered", "with the signature it had", s => Honest(s, entry =>
            Forge.Alter(entry, h => h with { Time = h.Time + 1 }).SignedHeader)),
        Vain("an honest entry, signed again", "by the attacker", s => Honest(s, entry =>
            s.Forge.Sign(entry.Header with { Time = 5 }))),
        Vain("an honest entry, spelled again", "(r, n - s) for (r, s)", s => Honest(s, entry =>
            Forge.Respell(entry).SignedHeader)),
        Vain("an honest end", "that its author did not write", s => Honest(s, entry =>
            s.Forge.Sign(entry.Header with { IsEnd = true, PayloadCount = 0 }))),
        new("spelled again, afterwards", "(r, n - s) of entries that are held",
            "duplicates, and no fork", ["entries-duplicate"], async s =>
            {
                var chain = s.Forge.Chain(3);
                await s.Peer.PushAsync(chain);
                await s.HoldsAsync(chain);
                var before = s.Count("entries-duplicate");
                await s.Peer.PushAsync([.. chain.Select(Forge.Respell)]);
                await s.CountedAsync("entries-duplicate", before + 3);
                await UnforkedAsync(s);
                await SpelledAsync(s, chain[0]);
            }) { LeavesEntries = true },
        new("spelled again, first", "(r, n - s) before anybody holds (r, s)",
            "one entry, and no fork", ["entries-duplicate"], async s =>
            {
                var chain = s.Forge.Chain(3);
                Entry[] respelled = [.. chain.Select(Forge.Respell)];
                await s.Peer.PushAsync(respelled);
                await s.HoldsAsync(respelled);
                var before = s.Count("entries-duplicate");
                await s.Peer.PushAsync(chain);
                await s.CountedAsync("entries-duplicate", before + 3);
                await UnforkedAsync(s);
                await SpelledAsync(s, respelled[0]);
            }) { LeavesEntries = true },
        new("a true fork", "two entries in slot 2, signed by its author",
            "its own log ends there", ["logs-closed"], async s =>
            {
                var chain = s.Forge.Chain(2);
                await s.Peer.PushAsync([.. chain, s.Forge.Next(chain[0], "another")]);
                foreach (var node in new[] { s.Ground.Target, s.Ground.Honest })
                {
                    s.Expect(
                        await Ground.TryAsync(async () => (await Closures(node))
                            .Any(c => c.Log == s.Forge.Log && c.Slot == 2)),
                        "the fork was not found everywhere");
                }
            }) { LeavesEntries = true, IsControl = true },
    ];

    private static WireCase Vain(
        string name, string how,
        Func<WireScene, Task<(SignedHeader, SignedHeader)>> proof) =>
        WireCase.Refused($"proof of nothing: {name}", how, "proof-invalid", async s =>
        {
            var (first, second) = await proof(s);
            await s.ProveAsync(new(first, second), new(second, first));
        });

    private static Task<(SignedHeader, SignedHeader)> Own(
        Func<SignedHeader, SignedHeader, (SignedHeader, SignedHeader)> pick)
    {
        var chain = Other.Chain(2);
        return Task.FromResult(pick(chain[0].SignedHeader, chain[1].SignedHeader));
    }

    private static async Task<(SignedHeader, SignedHeader)> Honest(
        WireScene scene, Func<Entry, SignedHeader> lie)
    {
        var entry = await scene.HonestEntryAsync();
        return (entry.SignedHeader, lie(entry));
    }

    private static Entry Away(WireScene scene, string text) => scene.Forge.Write(
        1, EntryId.None, text, h => h with { Network = "production" });

    private static async Task UnforkedAsync(WireScene scene)
    {
        foreach (var node in new[] { scene.Ground.Target, scene.Ground.Honest })
        {
            scene.Expect(
                !(await Closures(node)).Any(c => c.Log == scene.Forge.Log),
                "a signature spelled again became a fork");
        }
    }

    /// <summary>What was stored first stays, byte for byte.</summary>
    private static async Task SpelledAsync(WireScene scene, Entry entry)
    {
        var held = await scene.Ground.Target.FindAsync(entry.Id, CancellationToken.None);
        scene.Expect(
            held!.SignedHeader.Signature.Span.SequenceEqual(entry.SignedHeader.Signature.Span),
            "the signature that is held was exchanged");
    }

    private static async Task<IEnumerable<Closure>> Closures(Actors.GossipNode node) =>
        (await Tests.Nodes.Cluster.StatusAsync(node)).Closures;
}
