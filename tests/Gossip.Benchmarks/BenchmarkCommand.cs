using System.CommandLine;
using Gossip.Benchmarks.Cases;
using Gossip.Benchmarks.Cluster;

namespace Gossip.Benchmarks;

/// <summary>Which case, and with what? Exit codes: 0 measured, 1 failed, 2 usage.</summary>
internal static class BenchmarkCommand
{
    private static readonly Dictionary<string, Func<ICase>> Cases = new(StringComparer.Ordinal)
    {
        ["throughput"] = () => new Throughput(),
        ["latency"] = () => new Latency(),
        ["catch-up"] = () => new CatchUp(),
        ["restart"] = () => new Restart(),
        ["idle"] = () => new Idle(),
        ["micro"] = () => new Micro(),
    };

    private static readonly Argument<string> Case = new("case")
    {
        Description = $"What is measured: {string.Join(", ", Cases.Keys)}.",
    };

    private static readonly Option<int> Nodes = new("--nodes")
    {
        Description = "Node processes.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "How long the measured part lasts.",
        DefaultValueFactory = _ => 10,
    };

    private static readonly Option<double?> WarmUp = new("--warm-up")
    {
        Description =
            "Seconds of the same work before: 10; latency 30, idle 40: the JIT rests then.",
    };

    private static readonly Option<int> Repetitions = new("--repetitions")
    {
        Description = "How often it is measured, in turn with the peers.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> Size = new("--size")
    {
        Description = "Bytes of a payload.",
        DefaultValueFactory = _ => 256,
    };

    private static readonly Option<int> Rate = new("--rate")
    {
        Description = "latency: payloads a second.",
        DefaultValueFactory = _ => 200,
    };

    private static readonly Option<int?> Count = new("--count")
    {
        Description = "Payloads: catch-up 100,000; restart 1,000,000; else the time ends it.",
    };

    private static readonly Option<int?> Concurrency = new("--concurrency")
    {
        Description = "Calls open at once at each publisher: throughput 8,192, catch-up 200.",
    };

    private static readonly Option<bool> OneByOne = new("--one-by-one")
    {
        Description = "catch-up: each payload in an entry of its own.",
    };

    private static readonly Option<int> Publishers = new("--publishers")
    {
        Description = "Nodes that publish.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<bool> Profile = new("--profile")
    {
        Description = "throughput, latency: say where CPU and bytes go, by stage.",
    };

    private static readonly Option<DirectoryInfo?> PeersFolder = new("--peers")
    {
        Description = "A folder of comparison programs with a one.sh.",
    };

    private static readonly Option<string> Against = new("--against")
    {
        Description = "Which of them, by name.",
        DefaultValueFactory = _ => "nats,redis,jetstream",
    };

    private static readonly Option<DirectoryInfo?> Data = new("--data")
    {
        Description = "Where the nodes keep their data while it runs. Default: a temporary folder.",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON object a line.",
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Measures nodes in processes of their own.")
        {
            Case, Nodes, Seconds, WarmUp, Repetitions, Size, Rate, Count, Concurrency, OneByOne,
            Publishers, Profile, PeersFolder, Against, Data, Json,
        };
        Case.AcceptOnlyFromAmong([.. Cases.Keys]);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(
                string.Join(" ", parsed.Errors.Select(e => e.Message)));
            return 2;
        }

        root.SetAction((result, _) => RunAsync(result, args));
        return await parsed.InvokeAsync();
    }

    private static async Task<int> RunAsync(ParseResult result, string[] args)
    {
        if (await OwnNetwork.ReenterAsync(args) is { } code)
        {
            return code;
        }

        try
        {
            var report = new Report(Console.Out, result.GetValue(Json));
            await Cases[result.GetValue(Case)!]().RunAsync(Read(result), report);
            return 0;
        }
        catch (BenchmarkException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static Settings Read(ParseResult result) => new()
    {
        Nodes = result.GetValue(Nodes),
        Seconds = result.GetValue(Seconds),
        WarmUp = result.GetValue(WarmUp),
        Repetitions = result.GetValue(Repetitions),
        Size = result.GetValue(Size),
        Rate = result.GetValue(Rate),
        Count = result.GetValue(Count),
        Concurrency = result.GetValue(Concurrency),
        IsOneByOne = result.GetValue(OneByOne),
        Publishers = result.GetValue(Publishers),
        IsProfiled = result.GetValue(Profile),
        Peers = result.GetValue(PeersFolder)?.FullName,
        Against = result.GetValue(Against)!.Split(',', StringSplitOptions.RemoveEmptyEntries),
        Directory = result.GetValue(Data)?.FullName ?? Path.GetTempPath(),
    };
}
