using System.Data.Common;
using Gossip.Actors.Storage;
using LinqToDB.Data;

namespace Gossip.Akka.Persistence;

/// <summary>
/// Is this node the only one in its database? Two that share a journal would both author under
/// its numbers. The server keeps a lock for as long as a connection lives, so it is open while the
/// store is; a server that was restarted has forgotten it, and keeps out nobody until then.
/// </summary>
internal sealed class ServerClaim : IDisposable
{
    /// <summary>"gossip", so that it is nobody else's.</summary>
    private const long Key = 0x676f_7373_6970;

    private readonly DataConnection _connection;

    private ServerClaim(DataConnection connection) => _connection = connection;

    /// <exception cref="StoreException">Locked, or the server cannot be reached.</exception>
    public static ServerClaim Take(JournalPlace place)
    {
        var connection = place.Open();
        try
        {
            return connection.Execute<bool>($"SELECT pg_try_advisory_lock({Key})")
                ? new(connection)
                : throw new StoreException(
                    StoreFault.Locked,
                    $"Another node keeps its journal in '{place.Name}'. Stop it, or give each "
                    + "node a database of its own.");
        }
        catch (Exception e)
        {
            connection.Dispose();
            throw JournalErrors.Of(e, place.Name);
        }
    }

    public void Dispose()
    {
        try
        {
            // The pool would keep the connection, and the lock with it.
            _connection.Execute($"SELECT pg_advisory_unlock({Key})");
        }
        catch (DbException)
        {
            // The server is gone, and the lock too.
        }
        finally
        {
            _connection.Dispose();
        }
    }
}
