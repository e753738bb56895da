using Gossip.Actors.Storage;
using Microsoft.Data.Sqlite;

namespace Gossip.Akka.Persistence;

/// <summary>What does a journal's failure mean for the person who runs the node?</summary>
internal static class JournalErrors
{
    /// <summary>Akka and its streams wrap what really happened.</summary>
    public static StoreException Of(Exception e, string place)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case StoreException known:
                    return known;
                case SqliteException sqlite
                    when SqliteErrors.Map(sqlite, place) is StoreException mapped:
                    return mapped;
                case FormatException or Google.Protobuf.InvalidProtocolBufferException
                    or Gossip.Actors.Protocol.InvariantException or IndexOutOfRangeException:
                    return new(
                        StoreFault.Corrupt,
                        $"The journal '{place}' is damaged: {cause.Message} Keep a copy, move it "
                        + "away, and start again: peers bring the entries back.",
                        inner: e);
            }
        }

        return new(
            StoreFault.Io,
            $"The journal '{place}' cannot be read or written ({e.Message}). Check its disk or "
            + "its server, and the system's log.",
            inner: e);
    }

    public static StoreException OutcomeUnknown(StoreException fault, string place) => new(
        fault.Fault,
        $"Whether the last commit to '{place}' is durable is unknown. {fault.Message}",
        outcomeUnknown: true,
        fault);

    public static StoreException Newer(string manifest) => new(
        StoreFault.Newer,
        $"The journal holds an event of the kind '{manifest}' and was written by a newer gossip. "
        + "Upgrade gossip, or use another data directory.");

    public static StoreException Closed(string place) =>
        new(StoreFault.Closed, $"The journal '{place}' is closed; start the node again.");
}
