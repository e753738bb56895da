namespace Gossip.Akka.Remoting;

/// <summary>
/// What does this node tell a line of its own? No serializer knows these, so no peer can.
/// </summary>
internal abstract class LineOrder
{
    private LineOrder()
    {
    }

    /// <summary>Nothing is read any more: end in order.</summary>
    public sealed class Close : LineOrder
    {
        public static readonly Close Now = new();
    }

    /// <summary>It took too long, or has to go: stop, and tell the other end.</summary>
    public sealed class GiveUp(LineRefusal why) : LineOrder
    {
        public LineRefusal Why { get; } = why;
    }

    /// <summary>The other end had its time to end as well.</summary>
    public sealed class Lingered : LineOrder
    {
        public static readonly Lingered Now = new();
    }
}
