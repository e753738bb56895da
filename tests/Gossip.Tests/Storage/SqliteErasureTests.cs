using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Tests.Storage;

/// <summary>Is any byte of what was erased left in the store's files?</summary>
[Row("G14")]
public sealed class SqliteErasureTests : SqliteTestBase
{
    /// <summary>In one page, in several, and among others.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    [InlineData(100_000)]
    public async Task No_byte_of_it_is_left_once_the_store_is_closed(int bytes)
    {
        await using (var store = await OpenAsync())
        {
            Log.PayloadBytes = bytes;
            await store.CommitAsync(Log.Append(1, 4, 1), 1, Go);
            var read = await store.ReadDeliveredAsync(
                Log.Topic, 0, 9, int.MaxValue, Go);
            Assert.All(read, d => Assert.False(d.IsErased));
            foreach (var seq in new[] { 1, 3, 2, 4 })
            {
                var erasure = new Erasure(
                    Log[seq].Dot, Log[seq].Id, Log.Id.Author,
                    new byte[SignedHeader.SignatureBytes]);
                await store.CommitAsync(
                    Log.Batch() with { Erasures = [erasure], Erased = [erasure] }, 1, Go);
            }

            read = await store.ReadDeliveredAsync(Log.Topic, 0, 9, int.MaxValue, Go);
            Assert.All(read, d => Assert.True(d.IsErased));
        }

        // One more than the fake signatures of a test log, which are filled alike.
        var mark = new byte[SignedHeader.SignatureBytes + 1];
        Array.Fill(mark, (byte)7);
        var files = System.IO.Directory.GetFiles(Directory, SqliteStore.FileName + "*");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(
            File.ReadAllBytes(file).AsSpan().IndexOf(mark) < 0, $"{file} holds erased bytes"));
    }

    [Fact]
    public void The_tail_in_memory_forgets_it_too()
    {
        var other = new TestLog(new("other"), 2);
        var tail = new DeliveredTail();
        tail.Add(Log.Append(1, 2, 1));
        tail.Add(other.Append(1, 2, 1));
        tail.Erase(Log.Topic);
        Assert.Null(tail.Read(Log.Topic, 0, 9, 9999));
        Assert.Equal(2, tail.Read(other.Topic, 0, 9, 9999)!.Value.Length);
    }
}
