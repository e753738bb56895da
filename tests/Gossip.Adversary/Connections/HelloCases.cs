using System.Security.Cryptography;
using Gossip.Actors.Protocol;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Adversary.Connections;

/// <summary>Hellos with one field that does not fit.</summary>
internal static class HelloCases
{
    public static IEnumerable<ConnectionCase> All =>
    [
        Version("no version", 0),
        Version("the version before", Limits.ProtocolVersion - 1),
        Version("the version after", Limits.ProtocolVersion + 1),
        Version("version 2^31 - 1", int.MaxValue),
        Malformed("version 2^32 - 1", (h, _) => h.Version = uint.MaxValue),
        Network("no network", ""),
        Network("another network", "production"),
        Network("network in capitals", "TEST"),
        Network("network with a blank", "test "),
        Malformed("network of 65 bytes",
            (h, _) => h.Network = ByteString.CopyFromUtf8(new string('n', 65))),
        Malformed("network of 100 kB", (h, _) => h.Network = Bytes(100_000)),
        Malformed("network not in UTF-8", (h, _) => h.Network = ByteString.CopyFrom(0xc3, 0x28)),
        Malformed("network in overlong UTF-8",
            (h, _) => h.Network = ByteString.CopyFrom(0xc1, 0xb4)),
        Identity("the node's own key", s => s.Scene.Self),
        Identity("an honest peer's key", s => s.Scene.Honest),
        Malformed("no key", (h, _) => h.Key = ByteString.Empty),
        Malformed("key of 32 bytes", (h, s) => h.Key = Key(s, k => k[..32])),
        Malformed("key of 34 bytes", (h, s) => h.Key = Key(s, k => [.. k, 0])),
        Malformed("key with another prefix", (h, s) => h.Key = Key(s, k => [4, .. k[1..]])),
        Malformed("key uncompressed",
            (h, s) => h.Key = ByteString.CopyFrom([4, .. s.Key.ExportParameters(false).Q.X!,
                .. s.Key.ExportParameters(false).Q.Y!])),
        Malformed("no nonce", (h, _) => h.Nonce = ByteString.Empty),
        Malformed("nonce of 15 bytes", (h, _) => h.Nonce = Bytes(15)),
        Malformed("nonce of 17 bytes", (h, _) => h.Nonce = Bytes(17)),
        Malformed("nonce of 100 kB", (h, _) => h.Nonce = Bytes(100_000)),
        Malformed("address of 260 bytes",
            (h, _) => h.ListenAddress = ByteString.CopyFromUtf8(new string('a', 260))),
        Malformed("address not in UTF-8",
            (h, _) => h.ListenAddress = ByteString.CopyFrom(0xff, 0xfe)),
        Malformed("takes no frames", (h, _) => h.FrameBytesMax = 0),
        Malformed("takes small frames", (h, _) => h.FrameBytesMax = (1 << 20) - 1),
        Malformed("takes frames of 4 GiB", (h, _) => h.FrameBytesMax = uint.MaxValue),
        Case("the other side of its key", "of the same x: another key",
            GoodbyeCode.WrongIdentity, "identity-wrong",
            (h, s) => h.Key = Key(s, k => [(byte)(k[0] ^ 1), .. k[1..]])),
    ];

    private static ConnectionCase Version(string name, int version) => Case(
        name, $"protocol {version}", GoodbyeCode.WrongVersion, "version-wrong",
        (h, _) => h.Version = (uint)version);

    private static ConnectionCase Network(string name, string network) => Case(
        name, $"'{network}'", GoodbyeCode.WrongNetwork, "network-wrong",
        (h, _) => h.Network = ByteString.CopyFromUtf8(network));

    private static ConnectionCase Identity(string name, Func<Stranger, Did> from) => Case(
        name, "which the connection did not prove", GoodbyeCode.WrongIdentity, "identity-wrong",
        (h, s) => h.Key = ByteString.CopyFrom(from(s).Key));

    private static ConnectionCase Malformed(string name, Action<Proto.Hello, Stranger> change) =>
        Case(name, "a hello that is none", GoodbyeCode.Malformed, "frame-malformed", change);

    private static ConnectionCase Case(
        string name, string how, GoodbyeCode code, string counter,
        Action<Proto.Hello, Stranger> change) =>
        ConnectionCase.Of(
            $"hello: {name}", how, Expectation.Goodbye(code, counter), async stranger =>
            {
                var hello = stranger.Hello();
                change(hello, stranger);
                await stranger.SayAsync(Stranger.Frame(hello));
            });

    private static ByteString Key(Stranger stranger, Func<byte[], byte[]> with) =>
        ByteString.CopyFrom(with(stranger.Keys.Self.Key.ToArray()));

    private static ByteString Bytes(int count) =>
        ByteString.CopyFrom(RandomNumberGenerator.GetBytes(count));
}
