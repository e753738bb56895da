using System.Text;
using Gossip.Host.Configuration;
using Gossip.Host.Configuration.Hocon;
using Gossip.Fuzz.Inputs;
using Gossip.Fuzz.Loops;

namespace Gossip.Fuzz.Targets;

/// <summary>
/// What does a configuration file set? Read, resolved and applied as a node does; every error is
/// told with its place.
/// </summary>
internal sealed class HoconTarget : Target
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly TextMutator _mutator = new([
        "{", "}", "[", "]", "=", ":", "+=", ",", "\n", ".", "\"", "\"\"\"", "\\", "\\u0041", "#",
        "//", "${", "${?", "include ", "required(", "file(", "classpath(", ")", "\"self\"",
        "\"reference.conf\"", "null", "true", "on", "5s", "1 MiB", "1e9", "0.5", "10 d", "gossip",
        "times", "sizes", .. Schema.Keys.Select(key => key.Path),
        .. Schema.Keys.Select(key => $"\n{key.Path} = "),
        .. Schema.Keys.Select(key => $"${{{key.Path}}}")]);

    public override string Name => "hocon";

    /// <summary>
    /// A file is its operator's own, and each of its words becomes a token with its place and a
    /// node, some hundred bytes each, beside all the defaults. What substitutions bring forth has
    /// a limit of its own, <see cref="HoconLimits.WorkMax"/>.
    /// </summary>
    public override long Allowance(byte[] input) =>
        1024L * input.Length + 32 * 1024 * 1024;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        foreach (var key in Schema.Keys)
        {
            yield return Encoding.UTF8.GetBytes(
                $"{key.Path} = {key.Show(new(new(), "127.0.0.1:7780"))}\n");
        }

        string[] files =
        [
            "gossip { times { round-interval = 2s, ping-interval: 5 s }\n topics = [a, \"b/c\"] }",
            "a = { b = 1 }\na = ${a} { c = ${?a.b} }\ngossip.network = ${a.b}\"x\"",
            "include classpath(\"low-resource.conf\")\ngossip.sizes.mailbox-max = ${?MAILBOX}",
            "gossip.bootstrap += \"localhost:1\"\ngossip.bootstrap += \"localhost:2\"",
            "{\"gossip\": {\"listen\": null, \"push\": false}} # JSON",
            "include required(classpath(\"self\"))\n",
        ];
        foreach (var file in files)
        {
            yield return Encoding.UTF8.GetBytes(file);
        }
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        _mutator.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input) => () => Read(input);

    public override string Judge(byte[] input, object? result)
    {
        var configured = (Configured)result!;
        foreach (var error in configured.Errors)
        {
            if (error.Message.Length == 0 || error.Place.Line < 1 || error.Place.Column < 1)
            {
                throw new BrokenPromiseException($"an error without a place or a word: {error}");
            }
        }

        return configured.Errors.Count == 0
            ? configured.Settings.Options.Refusals().Any()
                ? throw new BrokenPromiseException("settings that the node refuses")
                : "settings"
            : $"{Math.Min(configured.Errors.Count, 3)} errors";
    }

    /// <summary>The input is a file of the program: files are read, too.</summary>
    private static Configured Read(byte[] input)
    {
        var reader = new HoconReader(name => name == "self"
            ? new MemoryStream(input)
            : Layers.OpenResource(name));
        var root = reader.ReadText(
            new("fuzzed", false), "include required(classpath(\"self\"))");
        return Layers.Effective(root, reader, Nothing);
    }
}
