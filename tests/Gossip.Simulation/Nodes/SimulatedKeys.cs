using System.Security.Cryptography;
using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// Who signed, when a seed must fix every byte? Anybody could forge these; no simulated node does.
/// </summary>
public sealed class SimulatedKeys(int number) : IKeys
{
    public Did Self { get; } = Did.FromKey(
        [2, .. SHA256.HashData(Encoding.UTF8.GetBytes($"simulated key {number}"))]);

    public byte[] Sign(EntryId id) => SignatureOf(Self, id);

    public bool Verify(Did author, EntryId id, ReadOnlySpan<byte> signature)
    {
        var right = SignatureOf(author, id);
        return signature.SequenceEqual(right) || signature.SequenceEqual(Respell(right));
    }

    /// <summary>
    /// As ECDSA has it: whoever sees a signature can write it another way, and it stays right.
    /// </summary>
    public static byte[] Respell(ReadOnlySpan<byte> signature)
    {
        var other = signature.ToArray();
        foreach (ref var value in other.AsSpan(other.Length / 2))
        {
            value = (byte)~value;
        }

        return other;
    }

    private static byte[] SignatureOf(Did author, EntryId id)
    {
        Span<byte> bytes = stackalloc byte[Did.KeyBytes + Hash.Bytes];
        author.Key.CopyTo(bytes);
        id.Hash.Write(bytes[Did.KeyBytes..]);
        var half = SHA256.HashData(bytes);
        return [.. half, .. half];
    }
}
