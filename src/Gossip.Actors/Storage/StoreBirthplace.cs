using System.Security.Cryptography;

namespace Gossip.Actors.Storage;

/// <summary>
/// Is this file the one that this node wrote last, in its place? A copied or restored store would
/// number entries that others know under the same numbers, so its own incarnations are cleared and
/// the node begins new ones. A false alarm costs an incarnation; a missed one costs a fork.
/// </summary>
/// <remarks>
/// Each opening and each closing draws an epoch. Opening writes it into the store, beside the one
/// before, and then into the file: a crash between leaves the file at the one before, which the
/// store still knows. Closing writes the file first: a crash between raises a false alarm. The
/// other orders would let a copy taken meanwhile pass. Nothing is written to the store in an epoch
/// before both know it. Once the store is closed the epoch file is sealed with the time at which
/// the system last changed the store's file: whoever puts an old directory back, however exactly,
/// changes it after that. What this cannot see: a virtual machine's snapshot, which brings the
/// system's times back too, and the copy of a store that was not closed, put back in place.
/// </remarks>
internal sealed class StoreBirthplace(
    SqliteSession session, string file, string forget = StoreBirthplace.ForgetInTopics)
{
    private const int EpochBytes = 16;
    private const string ForgetInTopics = "UPDATE topics SET own_incarnation = NULL";

    private readonly EpochFile _epochs = new(Path.GetDirectoryName(file)!);

    /// <summary>How a file was found, before anybody opened it.</summary>
    public sealed record Traces(bool HasWriteAheadLog, string Change);

    /// <summary>Call before the first connection: opening one makes the file.</summary>
    public static Traces Look(string file) => new(
        new FileInfo(file + "-wal") is { Exists: true, Length: > 0 },
        FileIdentity.ChangeOf(file));

    /// <summary>What tells that the store moved; null when it is at home, or new.</summary>
    public string? Enter(Traces found)
    {
        var identity = FileIdentity.Of(file);
        var reason = WhyMoved(identity, found);
        var epoch = Draw();
        session.Transact(() =>
        {
            if (reason is not null)
            {
                session.Run(forget);
            }

            Set("epoch_before", Get("epoch"));
            Set("epoch", epoch);
            Set("closed", "no");
            Set("device", identity.Device);
            Set("inode", identity.Inode);
            Set("machine", identity.Machine);
        });
        _epochs.Write(epoch);
        return reason;
    }

    public void Leave()
    {
        var epoch = Draw();
        _epochs.Write(epoch);
        session.Transact(() =>
        {
            Set("epoch_before", epoch);
            Set("epoch", epoch);
            Set("closed", "yes");
        });
    }

    /// <summary>After the last connection is closed: nothing changes the file any more.</summary>
    public static void Seal(string file)
    {
        var epochs = new EpochFile(Path.GetDirectoryName(file)!);
        try
        {
            if (epochs.Read() is { } epoch)
            {
                epochs.Write(epoch, FileIdentity.ChangeOf(file));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a seal the next opening has one sign less to go by.
        }
    }

    private string? WhyMoved(FileIdentity identity, Traces found)
    {
        if (Get("epoch") is not { } epoch)
        {
            return null;
        }

        var recorded = new FileIdentity(Get("device")!, Get("inode")!, Get("machine")!);
        var seen = _epochs.Read();
        var why = identity.DiffersFrom(recorded)
            ?? (seen is null ? "the file gossip.epoch beside it is gone"
            : seen != epoch && seen != Get("epoch_before") ? "it was restored from an older copy"
            : Get("closed") == "no" && !found.HasWriteAheadLog
                ? "its write-ahead log is gone: it was restored or repaired"
            : Get("closed") == "yes" && _epochs.ReadSeal() is { } seal && seal != found.Change
                ? "it was put back, or changed, since it was closed"
            : null);
        return why is null ? null : $"'{file}' moved: {why}. Own logs begin anew.";
    }

    private string? Get(string key) =>
        (string?)session.Scalar("SELECT value FROM meta WHERE key = ?1", key);

    private void Set(string key, string? value) => session.Run(
        "INSERT INTO meta(key, value) VALUES(?1, ?2) "
        + "ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        key,
        value);

    private static string Draw() =>
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(EpochBytes));
}
