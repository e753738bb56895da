using System.Security.Cryptography;
using Gossip.Actors.Runtime;
using Gossip.Tests.Hostile;

namespace Gossip.Adversary.Attacks;

/// <summary>Good entries that nobody wants: each log is of another stranger.</summary>
internal static class Junk
{
    private const int Lanes = 2;
    private const int PerAuthor = 16;
    private const int PayloadBytes = 512;

    public static Task RunAsync(AttackOrder order, CancellationToken stop) =>
        Sessions.RunAsync(order, Lanes, async peer =>
        {
            using var author = EcKeys.Generate();
            var forge = new Forge(author);
            var chain = new List<Actors.Protocol.Entry> { forge.First(Noise()) };
            while (chain.Count < PerAuthor)
            {
                chain.Add(forge.Next(chain[^1], Noise()));
            }

            await peer.PushAsync([.. chain]);
            order.Count(PerAuthor);
        }, stop);

    private static string Noise() =>
        Convert.ToHexString(RandomNumberGenerator.GetBytes(PayloadBytes / 2));
}
