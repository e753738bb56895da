namespace Gossip.Fuzz.Inputs;

/// <summary>How is a structure spelled in bytes?</summary>
internal interface IGrammar
{
    /// <summary>Null when the bytes are not spelled so.</summary>
    Node? Read(byte[] bytes);

    byte[] Write(Node root);

    /// <summary>A part that may stand inside this one.</summary>
    Node New(Node inside, Random random);

    /// <summary>Another value for a part without parts.</summary>
    byte[] Value(Node leaf, Random random);

    /// <summary>Another tag for a part.</summary>
    ulong Tag(Node part, Random random);
}
