using System.Security.Cryptography;

namespace Gossip.Adversary.Attacks;

/// <summary>Takes CPU on every core, as the attacks do, and nothing else.</summary>
internal static class Burning
{
    private const int HashesPerStep = 200;

    public static Task RunAsync(AttackOrder order, CancellationToken stop) => Task.WhenAll(
        Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Run(() => RunLaneAsync(order, stop), CancellationToken.None)));

    private static async Task RunLaneAsync(AttackOrder order, CancellationToken stop)
    {
        var bytes = new byte[4096];
        while (!stop.IsCancellationRequested)
        {
            for (var i = 0; i < HashesPerStep; i++)
            {
                SHA256.HashData(bytes).CopyTo(bytes, 0);
            }

            order.Count();
            await order.Pace.WaitAsync(stop);
        }
    }
}
