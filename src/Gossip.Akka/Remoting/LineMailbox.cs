using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Remote;

namespace Gossip.Akka.Remoting;

/// <summary>
/// How much that peers said may wait for a line, or for the door? So many bytes, with those that a
/// message costs besides its content; Akka's own mailboxes have no bound, or count messages of any
/// size alike. Who keeps to the credit never meets it. What goes beyond is refused, and counted.
/// </summary>
internal sealed class LineMailbox : MailboxType, IProducesMessageQueue<LineMailbox.Queue>
{
    public const string OfLines = "akka.actor.mailbox.gossip-line";
    public const string OfDoor = "akka.actor.mailbox.gossip-door";
    public const string BytesMaxKey = "bytes-max";

    private readonly long _bytesMax;

    /// <summary>By Akka, with the section of the mailbox.</summary>
    public LineMailbox(Settings settings, Config config)
        : base(settings, config) => _bytesMax = config.GetByteSize(BytesMaxKey, null)!.Value;

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new Queue(_bytesMax, LineRefusals.Of(system));

    internal sealed class Queue(long bytesMax, LineRefusals refusals) : IMessageQueue
    {
        private readonly ConcurrentQueue<Envelope> _waiting = [];
        private long _bytes;

        public bool HasMessages => !_waiting.IsEmpty;

        public int Count => _waiting.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            var bytes = CostOf(envelope.Message);
            if (bytes > 0 && Interlocked.Add(ref _bytes, bytes) > bytesMax)
            {
                Interlocked.Add(ref _bytes, -bytes);
                refusals.Add(LineRefusal.MailboxFull);
                return;
            }

            _waiting.Enqueue(envelope);
        }

        public bool TryDequeue(out Envelope envelope)
        {
            if (!_waiting.TryDequeue(out envelope))
            {
                return false;
            }

            Interlocked.Add(ref _bytes, -CostOf(envelope.Message));
            return true;
        }

        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (TryDequeue(out _))
            {
                // Nobody looks at dead letters here; to send them there would only take time.
            }
        }

        /// <summary>What this node tells itself is little, and must come.</summary>
        private static long CostOf(object message) => message switch
        {
            LineOrder or RemotingLifecycleEvent => 0,
            byte[] chunk => LineLimits.ChunkCost + chunk.Length - LineCipher.OverheadBytes,
            _ => LineLimits.ChunkCost,
        };
    }
}
