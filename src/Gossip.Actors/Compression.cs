namespace Gossip.Actors;

/// <summary>What is sent compressed. Off: nothing is taken compressed either.</summary>
public enum Compression
{
    Off,

    /// <summary>Answers to pulls.</summary>
    Answers,

    /// <summary>Whatever is large enough.</summary>
    All,
}
