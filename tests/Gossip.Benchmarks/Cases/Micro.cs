using System.Collections.Immutable;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Storage;
using Gossip.Actors.Wire;
using Gossip.Benchmarks.Worker;

namespace Gossip.Benchmarks.Cases;

/// <summary>What does each step cost by itself, on one thread, warm?</summary>
internal sealed class Micro : ICase
{
    /// <summary>An entry of one payload, and one of as many as share it under load.</summary>
    private static readonly int[] PayloadsPerEntry = [1, 200];

    private static readonly TimeProvider Time = TimeProvider.System;

    private TimeSpan _longEnough;

    public async Task RunAsync(Settings settings, Report report)
    {
        _longEnough = TimeSpan.FromSeconds(settings.Seconds / 30);
        foreach (var payloads in PayloadsPerEntry)
        {
            using var bench = new EntryBench(payloads, settings.Size);
            void Add(string step, Action run) => report.Add(new()
            {
                ["case"] = "micro",
                ["step"] = step,
                ["payloads"] = payloads,
                ["microseconds"] = Math.Round(Measure(run), 3),
            });

            Add("sign", bench.Sign);
            Add("verify", bench.Verify);
            Add("hash-header", bench.HashHeader);
            Add("hash-payloads", bench.HashPayloads);
            Add("encode-entry", bench.EncodeEntry);
            Add("encode-frame", bench.EncodeFrame);
            Add("decode-frame", bench.DecodeFrame);
            Add("decode-payloads", bench.DecodePayloads);
        }

        report.Add(new()
        {
            ["case"] = "micro",
            ["step"] = "mailbox-hop",
            ["microseconds"] = Math.Round(await MailboxBench.MeasureAsync(), 3),
        });
        await StoreAsync(settings, report);
    }

    private async Task StoreAsync(Settings settings, Report report)
    {
        foreach (var entries in new[] { 1, 100 })
        {
            using var bench = await StoreBench.OpenAsync(
                settings.Directory, entries, settings.Size);
            var start = Time.GetTimestamp();
            var commits = 0;
            for (; Time.GetElapsedTime(start) < _longEnough; commits++)
            {
                await bench.CommitAsync();
            }

            report.Add(new()
            {
                ["case"] = "micro",
                ["step"] = "commit",
                ["entries"] = entries,
                ["microseconds"] = Math.Round(
                    Time.GetElapsedTime(start).TotalMicroseconds / commits, 3),
            });
        }
    }

    /// <summary>The best of some runs: everything else is the machine's doing.</summary>
    private double Measure(Action run)
    {
        var best = double.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var start = Time.GetTimestamp();
            var runs = 0L;
            while (Time.GetElapsedTime(start) < _longEnough / 5)
            {
                for (var i = 0; i < 16; i++)
                {
                    run();
                }

                runs += 16;
            }

            best = Math.Min(best, Time.GetElapsedTime(start).TotalMicroseconds / runs);
        }

        return best;
    }

    private sealed class EntryBench : IDisposable
    {
        private readonly EcKeys _keys = EcKeys.Generate();
        private readonly Payload[] _payloads;
        private readonly Entry _entry;
        private readonly TopicNames _names = new(new(1), new(2));
        private readonly GossipMessage _message;
        private readonly GossipSizes _sizes = new();
        private readonly byte[] _frame;

        public EntryBench(int payloads, int size)
        {
            _payloads = [.. Enumerable.Range(0, payloads)
                .Select(i => new Payload(new Sample(0, 0, i, 0).ToBytes(size)))];
            _entry = StoreFiller.Write(_keys, new(_keys.Self, 1, Admission.None), 1, EntryId.None,
                _payloads);
            _names.Learn(_entry.Header.Topic);
            _message = new GossipMessage.Announcement(_entry.Header.Topic, [_entry], []);
            _frame = MessageCodec.Encode(_message, _names);
        }

        public void Sign() => _keys.Sign(_entry.Id);

        public void Verify() =>
            _keys.Verify(_keys.Self, _entry.Id, _entry.SignedHeader.Signature.Span);

        public void HashHeader() => EntryId.Of(_entry.SignedHeader.HeaderBytes.Span);

        public void HashPayloads() => Hash.OfBytes(_entry.PayloadList.Span);

        public void EncodeEntry() => EntryFormat.EncodePayloads(_payloads);

        public void EncodeFrame() => MessageCodec.Encode(_message, _names);

        public void DecodeFrame() => MessageCodec.Decode(_frame, _names, _sizes);

        public void DecodePayloads() => EntryFormat.DecodePayloads(_entry.PayloadList);

        public void Dispose() => _keys.Dispose();
    }

    private static class MailboxBench
    {
        private const int Hops = 1_000_000;

        public static async Task<double> MeasureAsync()
        {
            Signal said = new Signal.RoundDue(1);
            var mailbox = new Mailbox(64);
            var start = Time.GetTimestamp();
            var left = Hops;
            mailbox.TryTell(said);
            await foreach (var _ in mailbox.ReadAllAsync(CancellationToken.None))
            {
                if (--left == 0)
                {
                    break;
                }

                mailbox.TryTell(said);
            }

            return Time.GetElapsedTime(start).TotalMicroseconds / Hops;
        }
    }

    private sealed class StoreBench(string directory, SqliteStore store, int entries, int size)
        : IDisposable
    {
        private readonly EcKeys _keys = EcKeys.Generate();
        private EntryId _prev = EntryId.None;
        private long _head;

        public static async Task<StoreBench> OpenAsync(string parent, int entries, int size)
        {
            var directory = Path.Combine(parent, $"gossip-micro-{Environment.ProcessId}");
            Directory.CreateDirectory(directory);
            var store = await SqliteStore.OpenAsync(directory, CancellationToken.None);
            await store.JoinAsync(NodeWorker.Topic, null, CancellationToken.None);
            return new(directory, store, entries, size);
        }

        public async Task CommitAsync()
        {
            var log = new LogId(_keys.Self, 1, Admission.None);
            var batch = ImmutableArray.CreateBuilder<Entry>();
            for (var i = 0; i < entries; i++)
            {
                var payload = new Payload(new Sample(0, 0, i, 0).ToBytes(size));
                var entry = StoreFiller.Write(_keys, log, ++_head, _prev, [payload]);
                _prev = entry.Id;
                batch.Add(entry);
            }

            await store.CommitAsync(
                new()
                {
                    Topic = TopicId.OfPublic(NodeWorker.Topic),
                    Number = _head,
                    Entries = batch.DrainToImmutable(),
                    Logs = [new() { Log = log, Head = _head, HeadId = _prev }],
                },
                1,
                CancellationToken.None);
        }

        public void Dispose()
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _keys.Dispose();
            Directory.Delete(directory, recursive: true);
        }
    }
}
