namespace Gossip.Actors.Protocol;
/// <summary>Which machine hears which signal.</summary>
public static class Routing
{
}
