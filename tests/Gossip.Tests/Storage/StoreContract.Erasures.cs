using Gossip.Actors.Protocol;

namespace Gossip.Tests.Storage;

/// <summary>This part: payloads that are taken back.</summary>
public abstract partial class StoreContract
{
    [Fact]
    [Row("G14")]
    public async Task An_erased_entry_keeps_its_place_and_loses_its_payloads()
    {
        await CommitAsync(_log.Append(1, 3, position: 1));
        var before = await Store.StatisticsAsync(Id, Go);
        var erasure = ErasureOf(_log[2], by: 9);
        await CommitAsync(_log.Batch() with { Erasures = [erasure], Erased = [erasure] });

        await Check();
        Store = await ReopenAsync(Store);
        Assert.Equal([erasure], (await LoadAsync()).Erasures.AsEnumerable());
        await Check();

        async Task Check()
        {
            var form = erasure.ToForm();
            var found = (await Store.FindAsync(_log[2].Id, Go))!;
            Assert.Equal(form, found.PayloadList.ToArray());
            Assert.True(found.IsErased);
            var read = await Store.ReadDeliveredAsync(Id, 0, 9, 9999, Go);
            Assert.Equal([1, 0, 1], read.Select(d => d.Payloads.Length));
            Assert.Equal(form,
                (await Store.ReadAsync(Id, _log.Id, new(2, 2), 1, 9999, Go))[0]
                    .PayloadList.ToArray());
            var after = await Store.StatisticsAsync(Id, Go);
            Assert.Equal((3, 2), (after.Entries, after.Payloads));
            Assert.Equal(before.Bytes - _log[2].PayloadList.Length + form.Length, after.Bytes);
        }
    }

    [Fact]
    [Row("G14")]
    public async Task Of_two_erasures_the_lower_stands_and_what_is_not_held_is_only_kept()
    {
        await CommitAsync(_log.Append(1, 2, position: 1));
        var (high, low) = (ErasureOf(_log[1], by: 9), ErasureOf(_log[1], by: 3));
        var later = ErasureOf(_log[5], by: 9);
        var wrong = ErasureOf(_log[2], by: 9) with { Entry = _log[1].Id };
        foreach (var erasure in new[] { high, low, later, wrong, high })
        {
            await CommitAsync(_log.Batch() with { Erasures = [erasure], Erased = [erasure] });
        }

        var found = (await Store.FindAsync(_log[1].Id, Go))!;
        Assert.Equal(low.ToForm(), found.PayloadList.ToArray());
        Assert.False((await Store.FindAsync(_log[2].Id, Go))!.IsErased);
        Assert.Equal([high, low, later, wrong], (await LoadAsync()).Erasures.AsEnumerable());
        Assert.Equal(1, (await Store.StatisticsAsync(Id, Go)).Payloads);
    }

    private static Erasure ErasureOf(Entry entry, byte by)
    {
        var key = new byte[Did.KeyBytes];
        (key[0], key[1]) = (2, by);
        return new(
            entry.Dot, entry.Id, Did.FromKey(key), new byte[SignedHeader.SignatureBytes]);
    }
}
