using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// What a peer says that it holds moves our own clock: "I have heard of it" taken for "I hold it".
/// </summary>
internal sealed class ClockFromPeer : Mutation
{
    public override IMachine Wrap(MachineId id, IMachine machine) =>
        id is MachineId.ClockLedger ? new Gullible(machine) : machine;

    private sealed class Gullible(IMachine ledger) : IMachine
    {
        private readonly Dictionary<(TopicId, LogId), long> _heads = [];

        public void Handle(Signal signal, Moment now, Outbox outbox)
        {
            if (signal is Signal.Advanced(var topic, var mine))
            {
                _heads[(topic, mine.Log)] = mine.Holdings.Head;
            }

            ledger.Handle(signal, now, outbox);
            foreach (var (of, row) in RowsOf(signal))
            {
                if (row.Holdings.Head > _heads.GetValueOrDefault((of, row.Log)))
                {
                    _heads[(of, row.Log)] = row.Holdings.Head;
                    ledger.Handle(new Signal.Advanced(of, row), now, outbox);
                }
            }
        }

        private static IEnumerable<(TopicId Topic, Row Row)> RowsOf(Signal signal) => signal switch
        {
            Signal.Received(_, _, GossipMessage.Heads heads, _) =>
                heads.Rows.Select(row => (heads.Topic, row)),
            Signal.Received(_, _, GossipMessage.AntiEntropy step, _) =>
                step.Topics.SelectMany(t => t.Rows.Select(row => (t.Topic, row))),
            _ => [],
        };
    }
}
