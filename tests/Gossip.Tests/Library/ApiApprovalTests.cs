namespace Gossip.Tests.Library;

/// <summary>
/// Is the public surface what was agreed? A change of it shows in review: run these tests with
/// GOSSIP_APPROVE=1 to rewrite the file, and commit it only if the change is meant.
/// </summary>
public sealed class ApiApprovalTests
{
    private const string Approved = "tests/Gossip.Tests/Library/Gossip.Actors.api.txt";

    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        var surface = PublicSurface.Of(typeof(Gossip.Actors.GossipNode).Assembly);
        var file = Path.Combine(SourceTree.Root, Approved);
        if (Environment.GetEnvironmentVariable("GOSSIP_APPROVE") == "1")
        {
            File.WriteAllText(file, surface);
        }

        var approved = File.ReadAllText(file).ReplaceLineEndings("\n").Split('\n');
        var now = surface.Split('\n');
        var changes = approved.Except(now).Select(line => $"- {line.Trim()}")
            .Concat(now.Except(approved).Select(line => $"+ {line.Trim()}"))
            .ToArray();
        Assert.True(
            approved.SequenceEqual(now),
            "The public surface changed. If it is meant: GOSSIP_APPROVE=1 dotnet test "
            + $"tests/Gossip.Tests --filter ApiApproval\n{string.Join('\n', changes)}");
    }

    [Fact]
    public void A_new_member_changes_the_surface()
    {
        var surface = PublicSurface.Of(typeof(Gossip.Actors.GossipNode).Assembly);
        Assert.Contains("abstract class Gossip.Actors.TopicActor", surface,
            StringComparison.Ordinal);
        Assert.Contains("protected Void Publish(Gossip.Actors.Protocol.Payload payload)", surface,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Gossip.Actors.Runtime.Switchboard", surface,
            StringComparison.Ordinal);
    }
}
