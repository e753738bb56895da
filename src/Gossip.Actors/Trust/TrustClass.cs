namespace Gossip.Actors.Trust;

/// <summary>
/// A score in a word, from the lowest; the thresholds are options. The names are those of the
/// Intercooperative Network.
/// </summary>
public enum TrustClass
{
    Isolated,
    Known,
    Partner,
    Federated,
}
