using Gossip.Actors;

namespace Gossip.Samples;

/// <summary>Waits until a peer holds it too: the loss of one disk loses nothing.</summary>
public static class AcknowledgeSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var seed = await Samples.StartAsync(stop);
        await using var member = await Samples.StartAsync(stop, seed);
        var receipts = await seed.PublishAsync(
            Samples.Topic, [Samples.Text("important")], new() { Acks = Acks.Peers(1) }, stop);
        await output.WriteLineAsync(
            $"held by the member: {receipts[0].Holders.Contains(member.Did)}");

        var impatient = new PublishOptions
        {
            Acks = Acks.Peers(2),
            AcksTimeout = TimeSpan.FromMilliseconds(100),
        };
        try
        {
            await seed.PublishAsync(Samples.Topic, [Samples.Text("too much")], impatient, stop);
        }
        catch (AcknowledgementException missing)
        {
            var holders = missing.Receipts[0].Holders.Length;
            await output.WriteLineAsync($"{missing.Code}: published, {holders} of 2 hold it");
        }
    }
}
