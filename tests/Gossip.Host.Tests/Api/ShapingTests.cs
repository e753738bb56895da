using System.Collections.Immutable;
using System.Text.Json;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Host.Api;
using Gossip.Tests;

namespace Gossip.Host.Tests.Api;

public sealed class ShapingTests
{
    [Fact]
    public void Text_is_data_and_other_bytes_are_base64()
    {
        Assert.Equal("{\"data\":\"grüße <&\"}", Json(new Payload("grüße <&"u8.ToArray())));
        Assert.Equal("{\"base64\":\"ef8=\"}", Json(new Payload(new byte[] { 0x79, 0xff })));
        Assert.Equal("{\"data\":\"\"}", Json(new Payload(ReadOnlyMemory<byte>.Empty)));
    }

    [Fact]
    public void Headers_are_sorted_and_the_first_of_a_name_counts()
    {
        var payload = new Payload("x"u8.ToArray(),
        [
            KeyValuePair.Create("b", "1"),
            KeyValuePair.Create("a", "2"),
            KeyValuePair.Create("b", "3"),
        ]);
        Assert.Equal("{\"data\":\"x\",\"headers\":{\"a\":\"2\",\"b\":\"1\"}}", Json(payload));
    }

    [Fact]
    public void A_receipt_names_entry_log_seq_index_and_position()
    {
        var id = Samples.Delivered(3, "x").Entry.Id;
        var json = JsonSerializer.Serialize(
            Shaping.Shape(new Receipt(id, new(Samples.Log, 3), 1, 9), Acks.Local),
            ApiJson.Shared.ReceiptShape);
        Assert.Equal(
            $"{{\"id\":\"{id}:1\",\"entry\":\"{id}\",\"log\":\"{Shaping.Name(Samples.Log)}\","
            + "\"seq\":3,\"index\":1,\"position\":9}",
            json);
    }

    [Fact]
    [Row("F7")]
    public void Two_nodes_that_hold_the_same_answer_the_same_whatever_the_order()
    {
        Row[] rows = [Row(3), Row(1), Row(2)];
        Assert.Equal(Topic([.. rows]), Topic([.. rows.Reverse()]));

        static Row Row(ulong incarnation) => new(
            new(Samples.Log.Author, incarnation, Admission.None),
            new Holdings(1, 5, IntervalSet.Empty), 0, null, incarnation);
    }

    private static string Topic(ImmutableArray<Row> rows)
    {
        var name = new TopicName("news");
        return JsonSerializer.Serialize(
            Shaping.Shape(new TopicStatus(
                name, TopicId.OfPublic(name), default, new(1, 1, 1, 1, 0, 0), 5,
                VectorClock.Zero, rows, [], [], [])),
            ApiJson.Shared.TopicShape);
    }

    private static string Json(Payload payload) =>
        JsonSerializer.Serialize(Shaping.Shape(payload), ApiJson.Shared.PayloadShape);
}
