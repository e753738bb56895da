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

    public bool Verify(Did author, EntryId id, ReadOnlySpan<byte> signature) =>
        SignatureOf(author, id).AsSpan().SequenceEqual(signature);

    private static byte[] SignatureOf(Did author, EntryId id)
    {
        Span<byte> bytes = stackalloc byte[Did.KeyBytes + Hash.Bytes];
        author.Key.CopyTo(bytes);
        id.Hash.Write(bytes[Did.KeyBytes..]);
        var half = SHA256.HashData(bytes);
        return [.. half, .. half];
    }
}
