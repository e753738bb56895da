using Microsoft.Extensions.Logging.Console;

namespace Gossip.Host.Node;

/// <summary>Where do log lines go? Always standard error: standard output is for results.</summary>
internal static class NodeLogs
{
    /// <summary>The web server speaks of each request; at trace alone it is heard.</summary>
    public static ILoggerFactory Create(bool isJson, LogLevel level) =>
        LoggerFactory.Create(logging => Configure(logging, isJson, level));

    private static void Configure(ILoggingBuilder logging, bool isJson, LogLevel level)
    {
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", level == LogLevel.Trace ? level : LogLevel.Warning);
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (isJson)
        {
            logging.AddJsonConsole(json =>
            {
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                json.UseUtcTimestamp = true;
            });
        }
        else
        {
            logging.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.TimestampFormat = "HH:mm:ss.fff ";
                text.ColorBehavior = Console.IsErrorRedirected
                    || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                    ? LoggerColorBehavior.Disabled
                    : LoggerColorBehavior.Default;
            });
        }
    }
}
