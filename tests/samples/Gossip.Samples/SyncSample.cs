namespace Gossip.Samples;

/// <summary>Compares with every peer now, and says how it ended.</summary>
public static class SyncSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var seed = await Samples.StartAsync(stop);
        await using var member = await Samples.StartAsync(stop, seed);
        await seed.PublishAsync(
            Samples.Topic, [Samples.Text("x")], new() { Acks = Actors.Acks.Peers(1) }, stop);
        foreach (var result in await member.SyncAsync(peer: null, stop))
        {
            await output.WriteLineAsync($"equal with the seed: {result.IsEqual}");
        }
    }
}
