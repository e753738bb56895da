using System.Text.RegularExpressions;
using Gossip.Actors.Protocol;
using Gossip.Tests.Hostile;

namespace Gossip.Tests.Nodes;

/// <summary>
/// Who is let in nowhere, and speaks the wire: what does it learn, and what does it bring in?
/// </summary>
public sealed partial class OutsiderTests
{
    private static readonly CancellationToken Go = CancellationToken.None;

    [Fact]
    [Row("D6")]
    [Row("D8")]
    public async Task An_outsider_that_knows_the_topic_is_answered_as_if_it_did_not_exist()
    {
        await using var cluster = new Cluster();
        var owner = await cluster.StartAsync("owner", null);
        var topic = await owner.Policies.CreateAsync("plans", new(), Go);
        await owner.PublishAsync(topic.Name, "secret"u8.ToArray(), Go);
        var entry = (await owner.ReadAsync(topic.Name, 0, 1, Go))[0].Entry;
        await using var outsider = await HostilePeer.MeetAsync(owner);
        outsider.Names!.Learn(topic.Id);
        var unknown = new TopicId(Hash.OfBytes("no such topic"u8));
        outsider.Names.Learn(unknown);

        var before = outsider.Heard.Count;
        foreach (var id in new[] { topic.Id, unknown })
        {
            await outsider.SayAsync(new GossipMessage.Subscribe(outsider.Names.TokenOf(id)));
            await outsider.SayAsync(new GossipMessage.PullRequest(
                id, 1, [Want.EntriesOf(entry.Header.Log, IntervalSet.UpTo(9))]));
            await outsider.SayAsync(new GossipMessage.Announcement(id, [entry], []));
            await outsider.SayAsync(new GossipMessage.Heads(id, []));
        }

        await outsider.SayAsync(new GossipMessage.Ping(7));
        await Cluster.UntilAsync(
            () => Task.FromResult(outsider.Heard.OfType<GossipMessage.Pong>().Any()),
            () => "the session ended");
        Assert.DoesNotContain(
            outsider.Heard.Skip(before),
            m => m is GossipMessage.Subscribe or GossipMessage.PullResponse
                or GossipMessage.Heads or GossipMessage.Announcement);
        var counters = owner.Status().Counters;
        Assert.Equal(6, counters["refused.topic-unknown"]);
        var said = owner.Status().RecentRefusals
            .Where(r => r.StartsWith("topic-unknown", StringComparison.Ordinal))
            .Select(r => Token().Replace(r, "T"));
        Assert.Single(said.Distinct());
    }

    [Fact]
    [Row("D8")]
    public async Task What_an_uninvited_author_writes_is_refused_by_honest_receivers()
    {
        await using var cluster = new Cluster();
        var owner = await cluster.StartAsync("owner", null);
        var topic = await owner.Policies.CreateAsync("plans", new(), Go);
        await using var reader = await HostilePeer.MeetAsync(owner);
        await owner.Policies.InviteAsync(
            topic.Name, reader.Keys.Self, new() { Writes = false }, Go);
        reader.Names!.Learn(topic.Id);
        await reader.SayAsync(new GossipMessage.Subscribe(reader.Names.TokenOf(topic.Id)));
        await Cluster.UntilAsync(
            () => Task.FromResult(reader.Heard.OfType<GossipMessage.Subscribe>()
                .Any(s => s.Token == reader.Names.TokenOf(topic.Id))),
            () => "it may not read");

        foreach (var admission in new[]
        {
            Admission.None,
            new Admission(1, new(topic.Id.Hash)),
            new Admission(2, new(Hash.OfBytes("made up"u8))),
        })
        {
            var entry = new Forge(reader.Keys).Write(1, EntryId.None, "forbidden", h => h with
            {
                Topic = topic.Id,
                Log = h.Log with { Admission = admission },
            });
            await reader.SayAsync(new GossipMessage.Announcement(topic.Id, [entry], []));
        }

        await Cluster.UntilAsync(
            () => Task.FromResult(owner.Status().Counters["refused.admission-unknown"] == 3),
            () => string.Join(' ', owner.Status().RecentRefusals));
        var status = (await owner.TopicsAsync(Go)).Single(t => t.Id == topic.Id);
        Assert.Equal(0, status.Position);
    }

    [GeneratedRegex("[0-9a-f]{12,}[.…]*")]
    private static partial Regex Token();
}
