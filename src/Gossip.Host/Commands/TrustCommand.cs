using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;
using Gossip.Host.Api;

namespace Gossip.Host.Commands;

/// <summary><c>gossip trust</c>: whom does the node trust, and how far is who trusted?</summary>
internal static class TrustCommand
{
    public static Command Create() => new("trust",
        "Attestations: signed, public words about whom a node trusts, and the scores that follow. "
        + "A score is 0.7 × what the viewpoint itself says + 0.3 × the mean over those whom it "
        + $"trusts and who speak of the subject.\n\n{ExitCode.Explanation}")
    {
        Add(), Remove(), Show(), Explain(),
    };

    private static Command Add()
    {
        var client = new ClientOptions();
        var did = Subject("Whom to trust.");
        var weight = new Argument<double>("WEIGHT")
        {
            Description = "How far: 0.000001 to 1, in steps of 0.000001.",
        };
        weight.Validators.Add(result =>
        {
            if (!Weight.TryOf(result.GetValueOrDefault<double>(), out var exact)
                || exact.IsWithdrawn)
            {
                result.AddError("WEIGHT: 0.000001 to 1. To withdraw: gossip trust remove.");
            }
        });
        var note = new Option<string>("--note")
        {
            HelpName = "TEXT",
            DefaultValueFactory = _ => "",
            Description = $"Why, for people: public, at most {Attestation.NoteBytesMax} bytes.",
        };
        note.Validators.Add(result =>
        {
            if (!Attestation.IsNote(result.GetValueOrDefault<string>()!))
            {
                result.AddError($"--note: at most {Attestation.NoteBytesMax} bytes of text.");
            }
        });
        var command = new Command("add",
            "Says how far the node trusts another; replaces what it said before.")
        {
            did, weight, note,
        };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var body = JsonContent.Create(
                new AttestShape(
                    result.GetValue(did), result.GetValue(weight), result.GetValue(note)),
                ApiJson.Shared.AttestShape);
            var edge = await node.PostAsync("/trust", body, ApiJson.Shared.EdgeShape, stop);
            terminal.Print(terminal.IsJson
                ? JsonSerializer.Serialize(edge, ApiJson.Shared.EdgeShape)
                : $"trusts {edge.To} with {Number(edge.Weight)}, for everyone to see");
            return ExitCode.Done;
        });
    }

    private static Command Remove()
    {
        var client = new ClientOptions();
        var did = Subject("Whom not to trust any more.");
        var command = new Command("remove", "Withdraws what the node said of another.") { did };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var edge = await node.SendAsync(
                HttpMethod.Delete, Path(result.GetValue(did)!), null, ApiJson.Shared.EdgeShape,
                stop);
            terminal.Print(terminal.IsJson
                ? JsonSerializer.Serialize(edge, ApiJson.Shared.EdgeShape)
                : $"no longer trusts {edge.To}");
            return ExitCode.Done;
        });
    }

    private static Command Show()
    {
        var client = new ClientOptions();
        var from = From();
        var limit = new Option<int>("--limit")
        {
            HelpName = "N",
            DefaultValueFactory = _ => 100,
            Description = "How many at most, 1 to 1000.",
        };
        var command = new Command("show",
            "Lists everyone who is trusted from a viewpoint, the most trusted first.")
        {
            from, limit,
        };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var query = Query(result.GetValue(from));
            var body = await node.GetAsync(
                $"/trust?{query}limit={result.GetValue(limit).ToString(
                    CultureInfo.InvariantCulture)}",
                stop);
            if (terminal.IsJson)
            {
                terminal.Print(body);
                return ExitCode.Done;
            }

            var trusted = JsonSerializer.Deserialize(body, ApiJson.Shared.TrustedShape)!;
            terminal.Table(
                ["SCORE", "CLASS", "DIRECT", "THROUGH", "DID", "NOTE"],
                trusted.Subjects.Select(subject => new[]
                {
                    Number(subject.Score),
                    subject.Class,
                    subject.Direct is { } direct ? Number(direct.Weight) : "",
                    subject.Intermediaries.ToString(CultureInfo.InvariantCulture),
                    subject.Subject,
                    Terminal.Visible(subject.Direct?.Note ?? ""),
                }));
            if (trusted.Total > trusted.Subjects.Length)
            {
                terminal.Note($"{trusted.Total - trusted.Subjects.Length} more; see --limit");
            }

            return ExitCode.Done;
        });
    }

    private static Command Explain()
    {
        var client = new ClientOptions();
        var did = Subject("Whose score.");
        var from = From();
        var command = new Command("explain",
            "Says how far someone is trusted, by which words, and how that is computed.")
        {
            did, from,
        };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var body = await node.GetAsync(
                $"{Path(result.GetValue(did)!)}?{Query(result.GetValue(from))}", stop);
            if (terminal.IsJson)
            {
                terminal.Print(body);
                return ExitCode.Done;
            }

            Print(JsonSerializer.Deserialize(body, ApiJson.Shared.TrustShape)!, terminal);
            return ExitCode.Done;
        });
    }

    private static void Print(TrustShape trust, Terminal terminal)
    {
        terminal.Print($"subject  {trust.Subject}");
        terminal.Print($"from     {trust.Viewpoint}");
        terminal.Print($"score    {Number(trust.Score)}, {trust.Class}");
        terminal.Print($"         {trust.Arithmetic}");
        terminal.Print(trust.Direct is { } direct ? $"direct   {Line(direct)}" : "direct   none");
        foreach (var path in trust.Paths)
        {
            terminal.Print($"through  {path.First.To}: {Number(path.Product)}");
            terminal.Print($"         trusts it    {Line(path.First)}");
            terminal.Print($"         it trusts    {Line(path.Second)}");
        }

        if (trust.Paths.Length < trust.Intermediaries)
        {
            terminal.Note($"{trust.Intermediaries - trust.Paths.Length} more ways count too");
        }
    }

    private static string Line(EdgeShape edge) =>
        $"{Number(edge.Weight)}  since {Terminal.Time(edge.Time)}  {Terminal.Visible(edge.Note)}"
            .TrimEnd();

    private static Argument<string> Subject(string description)
    {
        var did = new Argument<string>("DID") { Description = description };
        did.Validators.Add(result => Refuse(result, result.GetValueOrDefault<string>()));
        return did;
    }

    private static Option<string?> From()
    {
        var from = new Option<string?>("--from")
        {
            HelpName = "DID",
            Description = "Whose viewpoint. Default: the node's own.",
        };
        from.Validators.Add(result => Refuse(result, result.GetValueOrDefault<string?>()));
        return from;
    }

    private static void Refuse(System.CommandLine.Parsing.SymbolResult result, string? text)
    {
        if (text is not null && !Did.TryParse(text, out _, out var reason))
        {
            result.AddError($"'{text}': {reason}");
        }
    }

    private static string Path(string did) => $"/trust/{Uri.EscapeDataString(did)}";

    private static string Query(string? from) =>
        from is null ? "" : $"from={Uri.EscapeDataString(from)}&";

    private static string Number(double value) =>
        value.ToString("0.############", CultureInfo.InvariantCulture);
}
