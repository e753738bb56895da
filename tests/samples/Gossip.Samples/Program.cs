using Gossip.Samples;

// dotnet run --project tests/samples/Gossip.Samples -- [NAME]: one sample, or all of them.
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};

var chosen = Samples.All.Where(s => args.Length == 0 || args.Contains(s.Key)).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"No such sample. There are: {string.Join(", ", Samples.All.Keys)}.");
    return 2;
}

foreach (var (name, run) in chosen)
{
    Console.WriteLine($"== {name}");
    await run(Console.Out, interrupted.Token);
}

return 0;
