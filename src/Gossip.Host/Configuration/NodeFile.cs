namespace Gossip.Host.Configuration;

internal static class NodeFile
{
    public static FileSettings Read(string path, FileSettings settings) =>
        path.Length > 0 ? settings : throw new NotImplementedException();
}
