using System.Text;
using Gossip.Actors;
using Gossip.Actors.Storage;

namespace Gossip.Samples.Actors;

/// <summary>
/// Cannot bear the payload <c>poison</c>: it is parked there until somebody decides.
/// </summary>
public sealed class Taster : TopicActor
{
    public override Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop) =>
        entry.Payloads.Any(payload => Encoding.UTF8.GetString(payload.Data.Span) == "poison")
            ? throw new InvalidOperationException("this is poison")
            : Task.CompletedTask;
}
