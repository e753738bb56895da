using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Gossip.Akka;

/// <summary>What Akka warns of goes where the node's own lines go.</summary>
internal sealed partial class AkkaLog : ReceiveActor
{
    public AkkaLog(ILogger logger)
    {
        Receive<Error>(e => Said(logger, LogLevel.Error, e.LogSource, $"{e.Message}", e.Cause));
        Receive<Warning>(w => Said(logger, LogLevel.Warning, w.LogSource, $"{w.Message}", w.Cause));
    }

    public static Props Of(ILogger logger) => Props.Create(() => new AkkaLog(logger));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Error));
        Context.System.EventStream.Subscribe(Self, typeof(Warning));
    }

    [LoggerMessage(EventId = 900, Message = "Akka, {Source}: {Text}")]
    private static partial void Said(
        ILogger logger, LogLevel level, string source, string text, Exception? cause);
}
