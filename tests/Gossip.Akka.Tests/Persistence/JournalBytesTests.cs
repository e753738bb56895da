using Gossip.Actors.Protocol;
using Gossip.Akka.Persistence;

namespace Gossip.Akka.Tests.Persistence;

/// <summary>Which bytes lie in the journal, and which do not.</summary>
public sealed class JournalBytesTests : JournalTestBase
{
    [Fact]
    public async Task An_event_holds_its_entries_as_they_travel()
    {
        await using (var store = await OpenAsync())
        {
            await store.CommitAsync(Log.Append(1, 2, 1), 1, Go);
        }

        var stored = Query<byte[]>($"SELECT message FROM journal WHERE {TopicRows}");
        foreach (var entry in Log.Range(1, 2))
        {
            AssertHolds(entry.SignedHeader.HeaderBytes);
            AssertHolds(entry.SignedHeader.Signature);
            AssertHolds(entry.PayloadList);
        }

        Assert.Equal(JournalSerializer.Id, Query<long>(
            $"SELECT identifier FROM journal WHERE {TopicRows}"));
        Assert.Equal("commit/1", Query<string>(
            $"SELECT manifest FROM journal WHERE {TopicRows}"));

        // Two of each, and hardly anything besides: no record of the log, no type's name.
        var entries = Log.Range(1, 2).Sum(e => e.Size);
        Assert.InRange(stored.Length, entries, entries + 150);

        void AssertHolds(ReadOnlyMemory<byte> bytes) =>
            Assert.True(stored.AsSpan().IndexOf(bytes.Span) >= 0);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(50_000)]
    public async Task No_byte_of_an_erased_payload_is_left_once_the_store_is_closed(int bytes)
    {
        Log.PayloadBytes = bytes;
        await using (var store = await OpenAsync())
        {
            await store.CommitAsync(Log.Append(1, 2, 1), 1, Go);
            await store.CommitAsync(Log.Append(3, 4, 3), 1, Go);
            foreach (var seq in new[] { 1, 3, 2, 4 })
            {
                var erasure = new Erasure(
                    Log[seq].Dot, Log[seq].Id, Log.Id.Author,
                    new byte[SignedHeader.SignatureBytes]);
                await store.CommitAsync(
                    Log.Batch() with { Erasures = [erasure], Erased = [erasure] }, 1, Go);
            }
        }

        // One more than the fake signatures of a test log, which are filled alike.
        var mark = new byte[SignedHeader.SignatureBytes + 1];
        Array.Fill(mark, (byte)7);
        var files = System.IO.Directory.GetFiles(Directory, JournalConfig.FileName + "*");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(
            System.IO.File.ReadAllBytes(file).AsSpan().IndexOf(mark) < 0,
            $"{file} holds erased bytes"));

        await using var reopened = await OpenAsync();
        var read = await reopened.ReadDeliveredAsync(Log.Topic, 0, 9, int.MaxValue, Go);
        Assert.Equal(4, read.Length);
        Assert.All(read, d => Assert.True(d.IsErased));
    }

    [Fact]
    public async Task An_entry_of_the_largest_size_is_kept()
    {
        Log.PayloadBytes = 1_000_000;
        await using (var store = await OpenAsync())
        {
            await Task.WhenAll(
                store.CommitAsync(Log.Append(1, 2, 1), 1, Go),
                store.CommitAsync(Log.Append(3, 3, 3), 1, Go));
        }

        await using var reopened = await OpenAsync();
        var read = await reopened.ReadAsync(Log.Topic, Log.Id, new(1, 3), 9, int.MaxValue, Go);
        Assert.Equal(Log.Range(1, 3).Select(e => e.Id), read.Select(e => e.Id));
    }
}
