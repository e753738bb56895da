using System.Data.Common;
using Gossip.Actors.Storage;
using LinqToDB.Data;

namespace Gossip.Akka.Persistence;

/// <summary>
/// Is this node the only one in its database? Two that share a journal would both author under
/// its numbers. The server keeps a lock for as long as a connection lives, so it is open while the
/// store is. A server that was restarted has forgotten it: whoever reads the journal anew, as
/// after every failed write, holds it again first.
/// </summary>
internal sealed class ServerClaim(JournalPlace place) : IDisposable
{
    /// <summary>"gossip", so that it is nobody else's.</summary>
    private const long Key = 0x676f_7373_6970;

    private readonly Lock _gate = new();
    private DataConnection? _connection;

    /// <summary>Takes it, or finds that it is still there.</summary>
    /// <exception cref="StoreException">Locked, or the server cannot be reached.</exception>
    public void Hold()
    {
        lock (_gate)
        {
            if (_connection is { } held && IsHeld(held))
            {
                return;
            }

            _connection?.Dispose();
            _connection = null;
            var connection = place.Open();
            try
            {
                _connection = TryTake(connection)
                    ? connection
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
    }

    public void Dispose()
    {
        lock (_gate)
        {
            try
            {
                // The pool would keep the connection, and the lock with it.
                _connection?.Execute("SELECT pg_advisory_unlock_all()");
            }
            catch (Exception e) when (IsBroken(e))
            {
                // The server is gone, and the lock too.
            }
            finally
            {
                _connection?.Dispose();
                _connection = null;
            }
        }
    }

    private static bool IsHeld(DataConnection connection)
    {
        try
        {
            return TryTake(connection);
        }
        catch (Exception e) when (IsBroken(e))
        {
            return false;
        }
    }

    /// <summary>Whoever has it gets it once more.</summary>
    private static bool TryTake(DataConnection connection) =>
        connection.Execute<bool>($"SELECT pg_try_advisory_lock({Key})");

    private static bool IsBroken(Exception e) => e is DbException or InvalidOperationException;
}
