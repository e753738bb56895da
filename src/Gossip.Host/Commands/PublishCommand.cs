using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Host.Api;
using Gossip.Host.Client;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary><c>gossip publish</c>: lines, or a whole input, become payloads of a topic.</summary>
internal static class PublishCommand
{
    public static Command Create(ClientOptions client, TimeProvider time)
    {
        var topic = new Argument<string>("TOPIC") { Description = "A public topic's name." };
        var input = new Argument<string?>("FILE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "What to publish; - or nothing: standard input.",
        };
        var whole = new Option<bool>("--whole")
        {
            Description = "The input is one payload. Otherwise each line is one, without its end; "
                + "an empty line is an empty payload.",
        };
        var type = new Option<string?>("--content-type")
        {
            HelpName = "TYPE",
            Description = "With --whole: kept as the payload's header content-type.",
        };
        var terms = new TermsOptions();
        var command = new Command("publish",
            "Publishes to a topic; done when all of it is durable on the node, and with --acks at "
            + "so many peers too. A topic that the node does not carry yet is joined.\n\n"
            + ExitCode.Explanation)
        {
            topic, input, whole, type,
        };
        terms.AddTo(command);
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            await using var source = Open(result.GetValue(input));
            var run = new PublishRun(
                node, result.GetValue(topic)!, terms.Of(result), terminal, time);
            return await run.RunAsync(
                source, result.GetValue(whole), result.GetValue(type), stop);
        });
    }

    private static Stream Open(string? path)
    {
        try
        {
            return path is null or "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"{e.Message} Name a readable file, or - for input.");
        }
    }

    private sealed class PublishRun(
        NodeClient node, string topic, PublishTerms terms, Terminal terminal, TimeProvider time)
    {
        private static readonly TimeSpan ProgressAfter = TimeSpan.FromSeconds(2);
        private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

        private readonly long _started = time.GetTimestamp();
        private TimeSpan _told = ProgressAfter - ProgressInterval;
        private bool _isLive;
        private long _payloads;
        private long _entries;

        public async Task<int> RunAsync(
            Stream source, bool isWhole, string? type, CancellationToken stop)
        {
            var joined = await node.JoinIfMayAsync(topic, stop);
            if (joined.Joined)
            {
                terminal.Note($"joined topic '{topic}', which this node did not carry before");
            }

            try
            {
                using var lines = new LinePublisher(
                    node, topic, terms, joined.PayloadBytesMax, Acknowledged, time);
                await (isWhole
                    ? PublishWholeAsync(source, type, joined.PayloadBytesMax, stop)
                    : lines.RunAsync(source, stop));
                Summarize(true);
                return ExitCode.Done;
            }
            catch (CommandException e)
            {
                Print((e as AcksMissingException)?.Receipts ?? []);
                Summarize(false);
                throw new CommandException(
                    e.ExitCode, e.Code,
                    $"{e.Message} {SoFar(e.ExitCode == ExitCode.Unreachable)}");
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                Summarize(false);
                throw CommandException.Failed("interrupted", $"Interrupted. {SoFar(true)}");
            }
        }

        private async Task PublishWholeAsync(
            Stream source, string? type, int bytesMax, CancellationToken stop)
        {
            using var content = new MemoryStream();
            var chunk = new byte[64 * 1024];
            for (int read; (read = await source.ReadAsync(chunk, stop).AsTask()
                .WaitAsync(stop)) > 0;)
            {
                content.Write(chunk, 0, read);
                if (content.Length > bytesMax)
                {
                    throw CommandException.Failed("payload-too-large",
                        $"The input has more than {bytesMax} bytes, the node's limit for a "
                        + "payload; publish its hash, or raise sizes.payload-bytes-max.");
                }
            }

            Acknowledged(await node.PublishAsync(topic, content.ToArray(), type, terms, stop));
        }

        private void Acknowledged(ReceiptsShape receipts)
        {
            _payloads += receipts.Receipts.Length;
            _entries += receipts.Receipts.DistinctBy(receipt => receipt.Entry).Count();
            Print(receipts.Receipts);
            var elapsed = time.GetElapsedTime(_started);
            if (elapsed - _told >= ProgressInterval)
            {
                _told = elapsed;
                Progress(elapsed);
            }
        }

        private void Print(ReceiptShape[] receipts)
        {
            foreach (var receipt in terminal.IsJson ? receipts : [])
            {
                terminal.Print(JsonSerializer.Serialize(receipt, ApiJson.Shared.ReceiptShape));
            }
        }

        private void Progress(TimeSpan elapsed)
        {
            var line = string.Create(CultureInfo.InvariantCulture,
                $"{_payloads} payloads, {_payloads / elapsed.TotalSeconds:F0}/s");
            if (Terminal.IsLive)
            {
                _isLive = true;
                terminal.Live(line);
            }
            else
            {
                terminal.Note(line);
            }
        }

        private void Summarize(bool isComplete)
        {
            if (_isLive)
            {
                terminal.EndLive();
            }

            var seconds = Math.Round(time.GetElapsedTime(_started).TotalSeconds, 3);
            if (terminal.IsJson)
            {
                terminal.Print(JsonSerializer.Serialize(
                    new PublishSummary(
                        "published", topic, _payloads, _entries, seconds, isComplete),
                    HostJson.Shared.PublishSummary));
            }
            else if (isComplete)
            {
                terminal.Print(string.Create(CultureInfo.InvariantCulture,
                    $"published {_payloads} payloads in {_entries} entries, {seconds:F3} s"));
            }
        }

        private string SoFar(bool isUndecided) => $"{_payloads} payloads were acknowledged before"
            + (isUndecided
                ? "; the request under way may have been published too."
                : ".");
    }
}
