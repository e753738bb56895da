using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Tests.Hostile;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Adversary.Wires;

/// <summary>Claims of what one holds, and answers to what was, or was not, asked.</summary>
internal static class ClaimCases
{
    private static readonly byte[] Other =
        EntryFormat.EncodePayloads([new("other"u8.ToArray())]);

    public static IEnumerable<WireCase> All =>
    [
        WireCase.Refused("an answer that nobody asked for", "with a good entry",
            "message-unexpected", s => s.Peer.SayAsync(new GossipMessage.PullResponse(
                HostilePeer.Topic, 77, [s.Forge.First()], [], []))),
        Answers("altered entries", "to a pull that was provoked", "payload-mismatch",
            entry => entry with { PayloadList = Other }),
        Answers("entries with another's signature", "to a pull that was provoked",
            "signature-wrong", entry => Forge.Resign(entry, new byte[64])),
        new("nothing, to what was offered", "claims 20 entries and answers with silence",
            "given up, and had from elsewhere", ["pulls-expired"], async s =>
            {
                var chain = s.Forge.Chain(3);
                await s.Peer.SayAsync(Heads(s.Forge.Log, 3));
                await s.Peer.HearAsync<GossipMessage.PullRequest>();
                await using var source = await HostilePeer.MeetAsync(s.Ground.Honest);
                await source.PushAsync(chain);
                await s.HoldsAsync(chain);
            }) { LeavesEntries = true },
        new("a head of 2^53", "of a log that is not", "asked for by the page", [], async s =>
        {
            await s.Peer.SayAsync(Heads(new Forge(EcKeys.Generate()).Log, Dot.SeqMax));
            var asked = await s.Peer.HearAsync<GossipMessage.PullRequest>();
            s.Expect(asked.Wants.Sum(w => w.Entries.Slots) <= 4096, "asked for more than a page");
        }),
        Malformed("a head of 2^64 - 1", "in a row", f => f.Heads = new()
        {
            Rows = { new Proto.Row { Head = ulong.MaxValue } },
        }),
        Malformed("a round of 5,000 topics", "more than a peer may name", f =>
        {
            f.AntiEntropy = new() { Round = 1, Step = 1, Summary = Zeros(32) };
            f.AntiEntropy.Topics.AddRange(Enumerable.Repeat(new Proto.TopicDigest(), 5000));
        }),
        Malformed("a round with no step", "that exists", f => f.AntiEntropy = new()
        {
            Round = 1,
            Step = 9,
            Summary = Zeros(32),
        }),
        Malformed("a round of number 2^64 - 1", "negative, if it were signed",
            f => f.AntiEntropy = new()
            {
                Round = ulong.MaxValue,
                Step = 1,
                Summary = Zeros(32),
            }),
        Malformed("a want of 4,097 ranges", "one too many", f =>
        {
            var want = new Proto.Want { Log = EntryFormat.Encode(Nobody()) };
            want.Ranges.AddRange(Enumerable.Range(1, 4097).Select(i =>
                new Proto.SlotRange { First = 2UL * (ulong)i, Count = 1 }));
            f.PullRequest.Request = 1;
            f.PullRequest.Wants.Add(want);
        }),
        Malformed("65 bad items", "one more than is dropped one by one", f =>
        {
            f.Announcement = new() { Topic = f.PullRequest.Topic };
            f.Announcement.Entries.AddRange(Enumerable.Repeat(new Proto.Entry(), 65));
        }),
        new("a step of a round that is not", "closing what never began", "nothing", [],
            async s =>
            {
                for (var step = RoundStep.Equal; step <= RoundStep.Closing; step++)
                {
                    await s.Peer.SayAsync(new GossipMessage.AntiEntropy(
                        4711, false, step, default, []));
                }

                await s.Peer.FlushAsync();
            }),
        new("a pull of everything", "that could exist, a hundred times", "one page each", [],
            async s =>
            {
                var honest = (await s.HonestEntryAsync()).Header.Log;
                for (var i = 1; i <= 100; i++)
                {
                    await s.Peer.SayAsync(new GossipMessage.PullRequest(HostilePeer.Topic, i,
                    [
                        Want.EntriesOf(honest, IntervalSet.UpTo(Dot.SeqMax)),
                        Want.EntriesOf(Nobody(), IntervalSet.UpTo(Dot.SeqMax)),
                    ]));
                }

                var answer = await s.Peer.HearAsync<GossipMessage.PullResponse>(
                    r => r.Request == 100);
                s.Expect(answer.Entries.All(e => e.Header.Log == honest), "something invented");
            }),
    ];

    /// <summary>
    /// The node pulls what was claimed; the first answer is false, then comes a true push.
    /// </summary>
    private static WireCase Answers(
        string name, string how, string counter, Func<Entry, Entry> lie)
    {
        return new($"answer of {name}", how, $"{counter}; the true ones are taken afterwards",
            [$"refused.{counter}"], AttackAsync)
        {
            LeavesEntries = true,
        };

        async Task AttackAsync(WireScene s)
        {
            var chain = s.Forge.Chain(3);
            s.Peer.Answer = said => said is GossipMessage.PullRequest asked
                ? new GossipMessage.PullResponse(
                    HostilePeer.Topic, asked.Request, [.. chain.Select(lie)], [], [])
                : null;
            var before = s.Count($"refused.{counter}");
            await s.Peer.SayAsync(Heads(s.Forge.Log, 3));
            await s.CountedAsync($"refused.{counter}", before + 3);
            await s.LacksAsync(chain);
            await s.Peer.PushAsync(chain);
            await s.HoldsAsync(chain);
        }
    }

    private static WireCase Malformed(string name, string how, Action<Proto.Frame> change) =>
        WireCase.Refused(name, how, "frame-malformed", async s =>
        {
            var frame = new Proto.Frame
            {
                PullRequest = new()
                {
                    Topic = ByteString.CopyFrom(
                        s.Peer.Names!.TokenOf(HostilePeer.Topic).Hash.ToArray()),
                },
            };
            var topic = frame.PullRequest.Topic;
            change(frame);
            if (frame.Heads is not null)
            {
                frame.Heads.Topic = topic;
            }

            await s.Peer.SendAsync(frame.ToByteArray());
            var seen = await s.Peer.EndAsync();
            s.Expect(seen == GoodbyeCode.Malformed, $"goodbye {seen}");
        });

    private static GossipMessage.Heads Heads(LogId log, long head) => new(
        HostilePeer.Topic,
        ImmutableArray.Create(new Row(
            log, new(1, head, IntervalSet.Empty), 1, null, (UInt128)head)));

    private static LogId Nobody() => new Forge(EcKeys.Generate()).Log;

    private static ByteString Zeros(int count) => ByteString.CopyFrom(new byte[count]);
}
