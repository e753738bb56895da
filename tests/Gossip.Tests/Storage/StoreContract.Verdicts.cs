using Gossip.Actors.Protocol;
using Gossip.Tests.Protocol;

namespace Gossip.Tests.Storage;

/// <summary>This part: whom the node keeps out.</summary>
public abstract partial class StoreContract
{
    [Fact]
    [Row("D13")]
    public async Task Verdicts_are_kept_by_identity_and_kind_and_replaced_as_a_whole()
    {
        Assert.Empty(await Store.VerdictsAsync(Go));
        var ban = new Verdict(Some.Author(2), VerdictKind.Ban, "a wrong signature", 5, 9);
        var block = new Verdict(Some.Author(2), VerdictKind.Block, "no reason", 6, null);
        var other = new Verdict(Some.Author(1), VerdictKind.Ban, "", 7, long.MaxValue);
        await Store.WriteVerdictAsync(block, Go);
        await Store.WriteVerdictAsync(ban with { Until = 8, Reason = "another" }, Go);
        await Store.WriteVerdictAsync(other, Go);
        await Store.WriteVerdictAsync(ban, Go);

        Store = await ReopenAsync(Store);
        Assert.Equal([other, ban, block], (await Store.VerdictsAsync(Go)).AsEnumerable());

        await Store.RemoveVerdictAsync(ban.Did, VerdictKind.Ban, Go);
        await Store.RemoveVerdictAsync(other.Did, VerdictKind.Block, Go);
        await Store.RemoveVerdictAsync(Some.Author(9), VerdictKind.Ban, Go);
        Store = await ReopenAsync(Store);
        Assert.Equal([other, block], (await Store.VerdictsAsync(Go)).AsEnumerable());
    }
}
