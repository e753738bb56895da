using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Gossip.Tests.Hostile;
using Gossip.Tests.Nodes;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Adversary.Wires;

/// <summary>Who says it, where, and about which topic: none of that can be borrowed.</summary>
internal static class SenderCases
{
    /// <summary>The node carries it; the honest peer, and the attacker at first, do not.</summary>
    public static readonly TopicName Secret = new("secret");

    private static readonly TopicId SecretId = TopicId.OfPublic(Secret);
    private static readonly TopicId Nowhere = TopicId.OfPublic(new("nowhere"));

    /// <summary>Unknown, refused and foreign are told apart for people only.</summary>
    private static readonly string[] Rights =
        ["refused.access-refused", "refused.admission-unknown", "refused.entry-foreign"];

    public static IEnumerable<WireCase> All =>
    [
        Ends("second hello", "after the first", GoodbyeCode.Unexpected, "message-unexpected",
            s => s.Peer.SayAsync(s.Peer.Hello())),
        Ends("another's hello", "in the name of an honest peer, after one's own",
            GoodbyeCode.Unexpected, "message-unexpected",
            s => s.Peer.SayAsync(s.Peer.Hello() with { From = s.Ground.Honest.Did })),
        Ends("noise", "bytes that are no message", GoodbyeCode.Malformed, "frame-malformed",
            s => s.Peer.SendAsync([0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f])),
        Ends("empty frame", "no byte of it", GoodbyeCode.Malformed, "frame-malformed",
            s => s.Peer.SendAsync(Array.Empty<byte>())),
        Ends("its own entry, not signed", "which no accident makes: that bans", GoodbyeCode.Banned,
            "signature-wrong", async s =>
            {
                var chain = new Forge(s.Peer.Keys).Chain(2);
                await s.Peer.PushAsync(chain[0], Forge.Resign(chain[1], new byte[64]));
                await using var other = await HostilePeer.MeetAsync(s.Ground.Target);
                await other.PushAsync(chain);
                await s.HoldsAsync(chain);
            }) with { LeavesEntries = true },
        WireCase.Refused("message from the future", "of a kind unknown here",
            "message-unexpected", s => s.Peer.SendAsync([0xfa, 1, 3, 1, 2, 3])),
        Unshared("announcement", s => new GossipMessage.Announcement(
            Nowhere, [InTopic(s, Nowhere)], [])),
        Unshared("pull", s => new GossipMessage.PullRequest(
            Nowhere, 1, [Want.EntriesOf(s.Forge.Log, IntervalSet.UpTo(100))])),
        Unshared("answer", s => new GossipMessage.PullResponse(
            Nowhere, 1, [InTopic(s, Nowhere)], [], [])),
        Unshared("heads", _ => new GossipMessage.Heads(Nowhere, [])),
        WireCase.Refused("a topic by another link's name", "the name that a second link gave it",
            "topic-unknown", async s =>
            {
                await using var second = await HostilePeer.MeetAsync(s.Ground.Target);
                var pull = new GossipMessage.PullRequest(HostilePeer.Topic, 1, []);
                await s.Peer.SendAsync(MessageCodec.Encode(pull, second.Names));
            }),
        WireCase.Refused("a topic by its id", "which is no name of it on any link",
            "topic-unknown", s => s.Peer.SendAsync(new Proto.Frame
            {
                PullRequest = new()
                {
                    Topic = ByteString.CopyFrom(HostilePeer.Topic.Hash.ToArray()),
                    Request = 1,
                },
            }.ToByteArray())),
        new("another's subscription", "unsubscribes by the honest link's name of the topic",
            "nothing", [], async s =>
            {
                await s.Peer.SayAsync(
                    new GossipMessage.Unsubscribe(new(Hash.OfBytes([1]))),
                    new GossipMessage.Unsubscribe(s.Peer.Names!.TokenOf(HostilePeer.Topic)));
                await s.Peer.FlushAsync();
                s.Expect((await s.Ground.Target.TopicsAsync(CancellationToken.None))
                    .Any(t => t.Name == Cluster.Topic), "the node left its topic");
            }),
        new("another topic's entry", "validly signed for 'secret', sent in 'news'",
            "entry-foreign", ["refused.entry-foreign"], async s =>
            {
                var entry = InTopic(s, SecretId);
                var before = s.Count("refused.entry-foreign");
                await s.Peer.PushAsync(entry);
                await s.CountedAsync("refused.entry-foreign", before + 1);
                await s.LacksAsync(entry);
            }),
        new("an honest entry in another topic", "replayed from 'news' into 'secret'",
            "entry-foreign", ["refused.entry-foreign"], async s =>
            {
                var entry = await s.HonestEntryAsync();
                var before = s.Count("refused.entry-foreign");
                s.Peer.Names!.Learn(SecretId);
                await s.Peer.SayAsync(
                    new GossipMessage.Subscribe(s.Peer.Names.TokenOf(SecretId)),
                    new GossipMessage.Announcement(SecretId, [entry], []));
                await s.CountedAsync("refused.entry-foreign", before + 1);
                var secret = (await s.Ground.Target.TopicsAsync(CancellationToken.None))
                    .Single(t => t.Name == Secret);
                s.Expect(secret.Statistics.Entries == 0, "'secret' holds an entry of 'news'");
            }),
        WireCase.Refused("another network's entry", "validly signed for production",
            "entry-foreign", s => s.Peer.PushAsync(s.Forge.Write(
                1, EntryId.None, "x", h => h with { Network = "production" }))),
        new("an admission that nobody gave", "in a public topic, where nobody gives any",
            "refused by the topic's rights", [], async s =>
            {
                var uninvited = s.Forge.Write(1, EntryId.None, "x", h => h with
                {
                    Log = h.Log with { Admission = new(1, s.Forge.First().Id) },
                });
                var before = Rights.Sum(s.Count);
                await s.Peer.PushAsync(uninvited);
                s.Expect(
                    await Ground.TryAsync(() => Task.FromResult(Rights.Sum(s.Count) > before)),
                    "no refusal was counted");
                await s.LacksAsync(uninvited);
            }),
    ];

    private static WireCase Ends(
        string name, string how, GoodbyeCode code, string counter,
        Func<WireScene, Task> attackAsync) =>
        WireCase.Refused(name, how, counter, async s =>
        {
            await attackAsync(s);
            var seen = await s.Peer.EndAsync();
            s.Expect(seen == code, $"goodbye {seen}, not {code}");
        });

    private static WireCase Unshared(string what, Func<WireScene, GossipMessage> message) =>
        WireCase.Refused($"{what} about a topic that is not shared", "named as it would be",
            "topic-unknown", s =>
            {
                s.Peer.Names!.Learn(Nowhere);
                return s.Peer.SayAsync(message(s));
            });

    private static Entry InTopic(WireScene scene, TopicId topic) => scene.Forge.Write(
        1, EntryId.None, "of another topic", h => h with { Topic = topic });
}
