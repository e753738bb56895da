using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>What did this node not do, and who can see that?</summary>
internal sealed class Refusals(StatusBoard board, NodeClock clock, ILogger logger)
{
    /// <summary>Counted, kept to be shown, and logged.</summary>
    public void Refuse(RefusalCode code, string detail)
    {
        board.Refuse(code, detail);
        logger.Refused(StatusBoard.Kebab(code), detail);
    }

    /// <summary>A limit was reached: counted each time, told once a second.</summary>
    public void Exceed(LimitKind limit, long amount, string detail)
    {
        board.Exceed(limit, amount);
        if (board.IsTold(limit, clock.Now.Elapsed))
        {
            Refuse(RefusalCode.LimitReached, $"{StatusBoard.Kebab(limit)}: {detail}");
        }
    }
}
