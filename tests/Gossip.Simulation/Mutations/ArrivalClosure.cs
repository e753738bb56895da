using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// The first proof that arrives closes a log for ever: a closure depends on the order of arrival.
/// </summary>
internal sealed class ArrivalClosure : Mutation
{
    public override IMachine Wrap(MachineId id, IMachine machine) =>
        id is MachineId.Topic ? new Stubborn(machine) : machine;

    private sealed class Stubborn(IMachine replica) : IMachine
    {
        private readonly HashSet<LogId> _closed = [];

        public void Handle(Signal signal, Moment now, Outbox outbox)
        {
            replica.Handle(Deaf(signal), now, outbox);
            foreach (var effect in outbox.Drain())
            {
                if (effect is Effect.Persist(var batch))
                {
                    _closed.UnionWith(batch.Logs.Where(l => l.Closure is not null)
                        .Select(l => l.Log));
                }

                outbox.Add(effect);
            }
        }

        private Signal Deaf(Signal signal) => signal switch
        {
            Signal.Received { Message: GossipMessage.Announcement said } received => received with
            {
                Message = said with
                {
                    Entries = said.Entries.RemoveAll(e => _closed.Contains(e.Header.Log)),
                    Proofs = said.Proofs.RemoveAll(p => _closed.Contains(p.First.Header.Log)),
                },
            },
            Signal.Received { Message: GossipMessage.PullResponse said } received => received with
            {
                Message = said with
                {
                    Entries = said.Entries.RemoveAll(e => _closed.Contains(e.Header.Log)),
                    Headers = said.Headers.RemoveAll(h => _closed.Contains(h.Header.Log)),
                    Proofs = said.Proofs.RemoveAll(p => _closed.Contains(p.First.Header.Log)),
                },
            },
            _ => signal,
        };
    }
}
