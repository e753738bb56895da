using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Samples;

/// <summary>One payload, many with headers, and a retry that writes nothing twice.</summary>
public static class PublishSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var node = await Samples.StartAsync(stop);
        var one = await node.PublishAsync(Samples.Topic, "hello"u8.ToArray(), stop);
        await output.WriteLineAsync($"one payload at {one.Dot.Seq}[{one.Index}]");

        var many = await node.PublishAsync(
            Samples.Topic,
            [
                new Payload("{\"n\":1}"u8.ToArray(), [new("content-type", "application/json")]),
                Samples.Text("two"),
            ],
            stop);
        await output.WriteLineAsync($"{many.Length} payloads in one entry, {many[0].Dot.Seq}");

        var keyed = new PublishOptions { Key = new PublishKey("order-17") };
        var first = await node.PublishAsync(Samples.Topic, [Samples.Text("paid")], keyed, stop);
        var again = await node.PublishAsync(Samples.Topic, [Samples.Text("paid")], keyed, stop);
        await output.WriteLineAsync($"a retry is the same entry: {first[0] == again[0]}");
    }
}
