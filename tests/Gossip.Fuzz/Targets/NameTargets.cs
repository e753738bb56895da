using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;
using Gossip.Fuzz.Inputs;
using Gossip.Fuzz.Loops;
using Gossip.Host.Api;

namespace Gossip.Fuzz.Targets;

/// <summary>A text that names something: taken as it is, or refused with a reason.</summary>
internal abstract class NameTarget(params string[] samples) : Target
{
    private readonly TextMutator _mutator = new([
        ".", "/", "-", "_", ":", "[", "]", "::1", "127.0.0.1", "localhost", "65535", "65536", "0",
        "news", "orders", "%2F", "@"]);

    public override int BytesMax => 2048;

    public override IEnumerable<byte[]> Samples(Random random) =>
        samples.Select(Encoding.UTF8.GetBytes);

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        _mutator.Mutate(input, other, random);

    protected static Func<object?> Named<T>(string text, Func<string, T> read) => () =>
    {
        try
        {
            return read(text);
        }
        catch (Exception e) when (e is FormatException or TransportException)
        {
            return e.Message;
        }
    };

    /// <summary>As UTF-16, so that half a surrogate pair is tried, too.</summary>
    protected static string Text(byte[] input) => input is [0xff, .. var rest]
        ? Encoding.Unicode.GetString(rest).Replace('\ufffd', '\ud800')
        : Encoding.UTF8.GetString(input);
}

internal sealed class PublishKeyTarget() : NameTarget("order-17", "ä", new string('k', 256))
{
    public override string Name => "publish-key";

    public override Func<object?> Decoding(byte[] input) =>
        Named(Text(input), text => new PublishKey(text));

    public override string Judge(byte[] input, object? result)
    {
        var text = Text(input);
        var isKey = result is PublishKey key && key.Value == text;
        var bytes = Encoding.UTF8.GetBytes(text);
        var isText = Encoding.UTF8.GetString(bytes) == text;
        return isKey == PublishKey.IsValid(text)
            && isKey == (isText && bytes.Length is > 0 and <= PublishKey.BytesMax)
            && (isKey || result is string { Length: > 0 })
                ? isKey ? "a key" : "refused"
                : throw new BrokenPromiseException($"{text.Length} characters: {result}");
    }
}

internal sealed class TopicNameTarget() : NameTarget("orders", "a/b.c_d-e", new string('t', 128))
{
    public override string Name => "topic-name";

    public override Func<object?> Decoding(byte[] input) =>
        Named(Text(input), text => new TopicName(text));

    public override string Judge(byte[] input, object? result)
    {
        var text = Text(input);
        var isName = text.Length is > 0 and <= TopicName.BytesMax
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/');
        return result switch
        {
            TopicName name when isName && name.Value == text => "a name",
            string { Length: > 0 } reason when !isName && !reason.Any(char.IsControl) => "refused",
            _ => throw new BrokenPromiseException($"{text.Length} characters: {result}"),
        };
    }
}

/// <summary>Both kinds of address: of a peer, and of the API.</summary>
internal sealed class AddressTarget()
    : NameTarget("127.0.0.1:7780", "[::1]:0", "host.example:65535")
{
    public override string Name => "address";

    public override Func<object?> Decoding(byte[] input)
    {
        var peer = Named(Text(input), text => Address.Parse(text));
        var api = Named(Text(input), text => (object?)ApiAddress.Parse(text, out var no) ?? no);
        return () => (Peer: peer()!, Api: api()!);
    }

    public override string Judge(byte[] input, object? result) => result switch
    {
        (Address { Host.Length: > 0, Port: >= 0 and <= ushort.MaxValue }, System.Net.IPEndPoint) =>
            "of both",
        (Address { Host.Length: > 0, Port: >= 0 and <= ushort.MaxValue }, string { Length: > 0 }) =>
            "of a peer",
        (string { Length: > 0 }, System.Net.IPEndPoint) => "of the API",
        (string { Length: > 0 }, string { Length: > 0 }) => "refused",
        _ => throw new BrokenPromiseException($"taken for {result}"),
    };
}
