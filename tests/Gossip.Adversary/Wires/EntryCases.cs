using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Tests.Hostile;
using Google.Protobuf;

namespace Gossip.Adversary.Wires;

/// <summary>
/// Entries that nobody wrote, or that say what cannot be: none is stored, none takes a slot.
/// </summary>
internal static class EntryCases
{
    private const ulong TooFar = (1UL << 53) + 1;

    private static readonly Forge Other = new(EcKeys.Generate());

    public static IEnumerable<WireCase> All =>
    [
        Squats("altered payloads", "other bytes than were signed", "payload-mismatch",
            (e, _) => e with { PayloadList = List("other") }),
        Squats("false hash", "signed, and not of these payloads", "payload-mismatch",
            (e, f) => f.Write(
                2, e.Header.Prev, "x", h => h with { PayloadHash = Hash.OfBytes([1]) })),
        Squats("false size", "signed, and not of these payloads", "payload-mismatch",
            (e, f) => f.Write(2, e.Header.Prev, "x", h => h with { PayloadBytes = 1 })),
        Squats("false count", "says two payloads, holds one", "payload-mismatch",
            (e, f) => f.Write(2, e.Header.Prev, "x", h => h with { PayloadCount = 2 })),
        Squats("payloads that are none", "their hash is right", "payload-mismatch",
            (e, f) => f.Write(2, e.Header.Prev, [0x0a, 0x7f, 1, 2])),
        Squats("no payloads", "and no end of the log", "header-malformed",
            (e, f) => f.Write(2, e.Header.Prev, "x", h => h with { PayloadCount = 0 })),
        Squats("altered time", "by a relay", "signature-wrong",
            (e, _) => Forge.Alter(e, h => h with { Time = h.Time + 1 })),
        Squats("altered prev", "by a relay", "signature-wrong",
            (e, _) => Forge.Alter(e, h => h with { Seq = 3, Prev = e.Id })),
        Squats("altered clock", "by a relay", "signature-wrong",
            (e, _) => Forge.Alter(e, h => h with { Clock = [new(Other.Log, 1, 1)] })),
        Squats("signature of zeros", "64 of them", "signature-wrong",
            (e, _) => Forge.Resign(e, new byte[64])),
        Squats("another's signature", "good, of another key", "signature-wrong",
            (e, _) => Forge.Resign(e, Other.Sign(e.Header).Signature.ToArray())),
        Squats("another slot's signature", "good, of the entry before", "signature-wrong",
            (e, f) => Forge.Resign(e, f.First().SignedHeader.Signature.ToArray())),
        WireCase.Refused("an honest author's next entry", "signed by the attacker",
            "signature-wrong", async s =>
            {
                var honest = await s.HonestEntryAsync();
                await s.Peer.PushAsync(Honestly(s, honest, honest.Header.Seq + 1, honest.Id));
            }),
        WireCase.Refused("an honest author's far future", "a thousand slots ahead",
            "signature-wrong", async s =>
            {
                var honest = await s.HonestEntryAsync();
                await s.Peer.PushAsync(Honestly(s, honest, honest.Header.Seq + 1000, honest.Id));
            }),
        WireCase.Refused("an honest author's other incarnation", "that never was",
            "signature-wrong", async s =>
            {
                var honest = await s.HonestEntryAsync();
                await s.Peer.PushAsync(s.Forge.Write(1, EntryId.None, "x", h => h with
                {
                    Log = honest.Header.Log with { Incarnation = 7 },
                }));
            }),
        Malformed("seq 0", "no slot", h => h.Seq = 0),
        Malformed("seq 2^53 + 1", "beyond the last slot", h => h.Seq = TooFar),
        Malformed("seq 2^64 - 1", "negative, if it were signed", h => h.Seq = ulong.MaxValue),
        Malformed("time 2^64 - 1", "negative, if it were signed", h => h.TimeMs = ulong.MaxValue),
        Malformed("time after 9999", "which has no date", h => h.TimeMs = Limits.TimeMax + 1UL),
        Malformed("clock of seq 0", "a component that says nothing", h => Clock(h, 0)),
        Malformed("clock of seq 2^53 + 1", "beyond the last slot", h => Clock(h, TooFar)),
        Malformed("clock of seq 2^64 - 1", "negative, if it were signed",
            h => Clock(h, ulong.MaxValue)),
        Malformed("clock of itself", "depends on its own log",
            h => h.Clock.Add(new Actors.Wire.Proto.ClockComponent
            {
                Log = h.Log,
                Seq = 1,
                IdPrefix = ByteString.CopyFrom(new byte[16]),
            })),
        Malformed("clock without a log", "a component of nobody",
            h => h.Clock.Add(new Actors.Wire.Proto.ClockComponent { Seq = 1 })),
        Malformed("clock of 513", "components", h =>
        {
            for (var i = 0; i <= Limits.ClockComponentsMax; i++)
            {
                Clock(h, 1);
            }
        }),
        Malformed("prev in slot 1", "before which nothing is",
            h => h.Prev = ByteString.CopyFrom(new byte[32])),
        Malformed("no prev in slot 2", "after nothing", h => h.Seq = 2),
        Malformed("prev of 31 bytes", "no hash",
            h => (h.Seq, h.Prev) = (2, ByteString.CopyFrom(new byte[31]))),
        Malformed("author off the curve", "a prefix that no key has",
            h => h.Log.Author = ByteString.CopyFrom([5, .. new byte[32]])),
        Malformed("no author", "a log of nobody", h => h.Log.Author = ByteString.Empty),
        Malformed("no log", "at all", h => h.Log = null),
        Malformed("network not in UTF-8", "a name with two spellings",
            h => h.Network = ByteString.CopyFrom(0xc3, 0x28)),
        Malformed("network of 65 bytes", "one too many",
            h => h.Network = ByteString.CopyFromUtf8(new string('n', 65))),
        Malformed("4,097 payloads", "one too many", h => h.PayloadCount = 4097),
        WireCase.Refused("end with payloads", "an end holds none", "header-malformed",
            s => s.PushRawAsync(s.Sign(s.Forge.First(), h => h.End = true))),
        new("key that is no point", "an author whose x is on no point of the curve",
            "signature-wrong", ["refused.signature-wrong"], s => s.PushRawAsync(s.Sign(
                s.Forge.First(), h => h.Log.Author = ByteString.CopyFrom(NoPoint())))),
        new("a clock of the future", "an honest log at 2^53: only its author waits",
            "stored, and held up", [], async s =>
            {
                var honest = (await s.HonestEntryAsync()).Header.Log;
                var vain = s.Forge.Write(1, EntryId.None, "x", h => h with
                {
                    Clock = [new(honest, Dot.SeqMax, 1), new(Other.Log, Dot.SeqMax, 1)],
                });
                await s.Peer.PushAsync(vain);
                await s.HoldsAsync(vain);
                var rows = (await Tests.Nodes.Cluster.StatusAsync(s.Ground.Target)).Rows;
                s.Expect(rows.Single(r => r.Log == honest).Holdings.Last < 100_000,
                    "a claim became possession");
            }) { LeavesEntries = true },
    ];

    private static byte[] NoPoint()
    {
        // Half of all x are on no point: the first such one.
        var key = new byte[Did.KeyBytes];
        key[0] = 2;
        while (P256.TryDecompress(key, out _))
        {
            key[^1]++;
        }

        return key;
    }

    /// <summary>The false entry comes first; then the true one must be taken, everywhere.</summary>
    private static WireCase Squats(
        string name, string how, string counter, Func<Entry, Forge, Entry> lie)
    {
        return new($"squatted slot: {name}", how,
            $"{counter}; the true entry is taken afterwards", [$"refused.{counter}"], AttackAsync)
        {
            LeavesEntries = true,
        };

        async Task AttackAsync(WireScene s)
        {
            var chain = s.Forge.Chain(3);
            var before = s.Count($"refused.{counter}");
            await s.Peer.PushAsync(chain[0], lie(chain[1], s.Forge));
            await s.CountedAsync($"refused.{counter}", before + 1);
            await s.HoldsAsync(chain[0]);
            await s.LacksAsync(lie(chain[1], s.Forge), chain[1]);
            await s.Peer.PushAsync(chain[1], chain[2]);
            await s.HoldsAsync(chain);
        }
    }

    private static WireCase Malformed(
        string name, string how, Action<Actors.Wire.Proto.Header> change) =>
        WireCase.Refused(name, how, "header-malformed", async s =>
            await s.PushRawAsync(s.Sign(s.Forge.First(), change)));

    private static Entry Honestly(WireScene scene, Entry honest, long seq, EntryId prev) =>
        scene.Forge.Write(seq, prev, "in your name", h => h with { Log = honest.Header.Log });

    private static void Clock(Actors.Wire.Proto.Header header, ulong seq) =>
        header.Clock.Add(new Actors.Wire.Proto.ClockComponent
        {
            Log = EntryFormat.Encode(Other.Log with { Incarnation = (ulong)header.Clock.Count }),
            Seq = seq,
            IdPrefix = ByteString.CopyFrom(new byte[16]),
        });

    private static byte[] List(string text) =>
        EntryFormat.EncodePayloads([new(Encoding.UTF8.GetBytes(text))]);
}
