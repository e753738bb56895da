using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Gossip.Akka.Remoting;

/// <summary>
/// Is this one of our control messages? Hyperion, for exactly the types of
/// <see cref="LineMessage"/>, and only for bytes that have the shape of one of them.
/// </summary>
/// <remarks>
/// Hyperion's allow-list alone is not enough. It holds for names of types in the manifest; arrays,
/// strings and other built-in kinds pass it, and an array is allocated by the length that the peer
/// wrote. Since each of our messages has one length and differs from others of its type only in its
/// content, bytes are compared with a specimen before Hyperion sees them.
/// </remarks>
internal sealed class ControlSerializer : HyperionSerializer
{
    private readonly LineRefusals _refusals;
    private readonly FrozenDictionary<int, Specimen[]> _specimens;

    public ControlSerializer(ExtendedActorSystem system, Config config)
        : base(
            system,
            HyperionSerializerSettings.Create(config).WithTypeFilter(ControlTypes.All))
    {
        _refusals = LineRefusals.Of(system);
        _specimens = Specimens().GroupBy(s => s.Length)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }

    public override object FromBinary(byte[] bytes, Type type) =>
        _specimens.TryGetValue(bytes.Length, out var some) && some.Any(s => s.Fits(bytes))
            ? base.FromBinary(bytes, type)
            : Refuse();

    private object Refuse()
    {
        _refusals.Add(LineRefusal.WrongShape);
        throw new SerializationException("No control message of a gossip line: not read.");
    }

    private IEnumerable<Specimen> Specimens() =>
    [
        new(ToBinary(Knock.Blank(0)), ToBinary(Knock.Blank(0xff))),
        new(ToBinary(Welcome.Blank(0)), ToBinary(Welcome.Blank(0xff))),
        new(ToBinary(Proof.Blank(0)), ToBinary(Proof.Blank(0xff))),
        new(ToBinary(Refused.Blank(0)), ToBinary(Refused.Blank(0xff))),
    ];

    /// <summary>Two of a type with no byte of their content in common: the rest is shape.</summary>
    private sealed record Specimen(byte[] Zeros, byte[] Ones)
    {
        public int Length => Zeros.Length;

        public bool Fits(byte[] bytes)
        {
            for (var i = 0; i < Zeros.Length; i++)
            {
                if (Zeros[i] == Ones[i] && bytes[i] != Zeros[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
