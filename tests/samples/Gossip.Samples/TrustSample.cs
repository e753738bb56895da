using Gossip.Actors.Protocol;

namespace Gossip.Samples;

/// <summary>Says whom a node trusts, and sees how far others are trusted through it.</summary>
public static class TrustSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var seed = await Samples.StartAsync(stop);
        await using var member = await Samples.StartAsync(stop, seed);
        var friend = Did.Parse("did:key:zDnaeXnasyTELzyPF1DNU5sdBvaLdzX6jTp1EcZpNJaPK6LYb");
        await seed.AttestAsync(member.Did, 0.9, "runs the other half", stop);
        await member.AttestAsync(friend, 0.7, "met in person", stop);
        var changed = seed.Trust.NextChange;
        var score = await seed.TrustOfAsync(seed.Did, friend, stop);
        while (score.Paths.IsEmpty)
        {
            await changed.WaitAsync(stop);
            changed = seed.Trust.NextChange;
            score = await seed.TrustOfAsync(seed.Did, friend, stop);
        }

        await output.WriteLineAsync($"{score.Arithmetic}, by {score.Paths.Length} path");
    }
}
