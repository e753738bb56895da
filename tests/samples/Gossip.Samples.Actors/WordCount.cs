using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Samples.Actors;

/// <summary>Counts a topic's words, and publishes each total to the topic <c>counts</c>.</summary>
public sealed class WordCount : TopicActor
{
    private int _words;

    public override Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop)
    {
        _words += entry.Payloads.Sum(payload => Encoding.UTF8.GetString(payload.Data.Span)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Publish(new TopicName("counts"), new Payload(Encoding.UTF8.GetBytes($"{_words}")));
        return Task.CompletedTask;
    }
}
