namespace Gossip.Actors.Protocol;

/// <summary>
/// Can this node sign, and is a signature its author's? ECDSA P-256 over
/// SHA-256("gossip/signature/1" || id), 64 bytes (IEEE P1363). Simulated nodes sign with a
/// deterministic stand-in, so that a seed fixes every byte.
/// </summary>
public interface IKeys
{
    Did Self { get; }

    byte[] Sign(EntryId id);

    bool Verify(Did author, EntryId id, ReadOnlySpan<byte> signature);
}
