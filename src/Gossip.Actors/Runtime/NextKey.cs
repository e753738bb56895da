using System.Globalization;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Which key takes this node's place, and does it wait? While <c>node.key.next</c> lies beside
/// <c>node.key</c>, a rotation has begun and is to be finished.
/// </summary>
internal sealed class NextKey(string directory, Passphrase? passphrase, TimeProvider time)
{
    public const string Name = KeyFile.Name + ".next";

    public const string RotatedPrefix = KeyFile.Name + ".rotated-";

    private string FilePath => Path.Combine(directory, Name);

    public bool Waits => File.Exists(FilePath);

    /// <exception cref="GossipException">key-…: nothing has changed.</exception>
    public EcKeys LoadOrCreate() => KeyFile.LoadOrCreate(directory, Name, passphrase);

    /// <summary>
    /// From the next start on this is the node's key. The old one is kept under the time: whoever
    /// has not heard of the rotation may still have to hear it from the old identity.
    /// </summary>
    /// <exception cref="GossipException">key-unwritable: the rotation can be asked for again.
    /// </exception>
    public void TakeOver()
    {
        var key = Path.Combine(directory, KeyFile.Name);
        var utc = time.GetUtcNow().UtcDateTime.ToString(
            "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var kept = Path.Combine(directory, RotatedPrefix + utc);
        try
        {
            // Copied with its rights, whole or not at all; then one rename makes the change.
            File.Copy(key, kept + ".new", overwrite: true);
            File.Move(kept + ".new", kept, overwrite: true);
            File.Move(FilePath, key, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GossipException(
                "key-unwritable",
                $"{key} cannot be replaced: {e.Message} Give this user the right to write in "
                + $"{directory}, then run again: gossip key rotate.",
                e);
        }
    }
}
