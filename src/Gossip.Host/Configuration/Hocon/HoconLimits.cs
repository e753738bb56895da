namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// What a file may ask of its reader: far more than a person writes, far less than hurts.
/// </summary>
internal static class HoconLimits
{
    /// <summary>Bytes of one file.</summary>
    public const int FileBytesMax = 1024 * 1024;

    /// <summary>Files read, each inclusion counted: an include of an include doubles.</summary>
    public const int FilesMax = 100;

    /// <summary>Objects and lists inside each other, and words of a dotted key.</summary>
    public const int DepthMax = 64;

    /// <summary>Substitutions that lead to substitutions.</summary>
    public const int StepsDeepMax = 250;

    /// <summary>
    /// Fields, elements and characters that substitutions may bring forth: as much as a whole file
    /// holds. Eight times as much took a second.
    /// </summary>
    public const int WorkMax = 1024 * 1024;

    /// <summary>
    /// Of a list that is a setting: each element is read, checked and kept, some 300 bytes.
    /// </summary>
    public const int ElementsMax = 16 * 1024;

    /// <summary>Errors told; whoever has more reads the first ones first.</summary>
    public const int ErrorsMax = 100;
}
