using Gossip.Actors.Protocol;
using Gossip.Tests.Protocol;

namespace Gossip.Tests.Storage;

/// <summary>This part: whom the node keeps out.</summary>
public abstract partial class StoreContract
{
    [Fact]
    [Row("D13")]
    public async Task Exclusions_are_kept_by_identity_and_kind_and_replaced_as_a_whole()
    {
        Assert.Empty(await Store.ExclusionsAsync(Go));
        var ban = new Exclusion(Some.Author(2), ExclusionKind.Ban, "a wrong signature", 5, 9);
        var block = new Exclusion(Some.Author(2), ExclusionKind.Block, "no reason", 6, null);
        var other = new Exclusion(Some.Author(1), ExclusionKind.Ban, "", 7, long.MaxValue);
        await Store.WriteExclusionAsync(block, Go);
        await Store.WriteExclusionAsync(ban with { Until = 8, Reason = "another" }, Go);
        await Store.WriteExclusionAsync(other, Go);
        await Store.WriteExclusionAsync(ban, Go);

        Store = await ReopenAsync(Store);
        Assert.Equal([other, ban, block], (await Store.ExclusionsAsync(Go)).AsEnumerable());

        await Store.RemoveExclusionAsync(ban.Did, ExclusionKind.Ban, Go);
        await Store.RemoveExclusionAsync(other.Did, ExclusionKind.Block, Go);
        await Store.RemoveExclusionAsync(Some.Author(9), ExclusionKind.Ban, Go);
        Store = await ReopenAsync(Store);
        Assert.Equal([other, block], (await Store.ExclusionsAsync(Go)).AsEnumerable());
    }
}
