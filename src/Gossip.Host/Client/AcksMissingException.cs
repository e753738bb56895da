using Gossip.Host.Api;
using Gossip.Host.Commands;

namespace Gossip.Host.Client;

/// <summary>Published, but fewer peers than asked for are known to hold it.</summary>
internal sealed class AcksMissingException(AcksMissingShape answer)
    : CommandException(Commands.ExitCode.Failed, answer.Error, answer.Message)
{
    public const string MissingCode = "acks-missing";

    /// <summary>Where it lies, and who holds it.</summary>
    public ReceiptShape[] Receipts => answer.Receipts;
}
