using System.Collections.Immutable;
using System.Security.Cryptography;
using Gossip.Host.Commands;

namespace Gossip.Host.Api;

/// <summary>
/// Whose token is this? The file is read again when it has changed, so that what is revoked ends
/// within a second; one that cannot be used any more lets nobody in.
/// </summary>
internal sealed partial class TokenBook(TokenFile file, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _reading = new();
    private ImmutableArray<AccessToken> _tokens = file.Read();
    private FileStamp _stamp = FileStamp.Of(file.Path);
    private long _lookedAt = time.GetTimestamp();

    public bool IsEmpty => _tokens.IsEmpty;

    /// <summary>
    /// Null when nobody has it. Every hash is compared whole: how long it takes tells nothing.
    /// </summary>
    public AccessToken? Find(string token)
    {
        Look();
        var hash = AccessToken.HashOf(token);
        AccessToken? found = null;
        foreach (var known in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(known.Hash, hash))
            {
                found = known;
            }
        }

        return found;
    }

    private void Look()
    {
        lock (_reading)
        {
            if (time.GetElapsedTime(_lookedAt) < LookAgain)
            {
                return;
            }

            _lookedAt = time.GetTimestamp();
            var stamp = FileStamp.Of(file.Path);
            if (stamp == _stamp)
            {
                return;
            }

            _stamp = stamp;
            try
            {
                _tokens = file.Read();
                Log.TokensRead(logger, file.Path, _tokens.Length);
            }
            catch (CommandException e)
            {
                _tokens = [];
                Log.TokensUnusable(logger, e.Message);
            }
        }
    }

    /// <summary>
    /// When it was written, and who may use it: either changes with what it says.
    /// </summary>
    private readonly record struct FileStamp(DateTime Written, long Length, UnixFileMode Mode)
    {
        public static FileStamp Of(string path)
        {
            var info = new FileInfo(path);
            return info.Exists
                ? new(info.LastWriteTimeUtc, info.Length, info.UnixFileMode)
                : default;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Path} has changed: {Count} tokens")]
        public static partial void TokensRead(ILogger logger, string path, int count);

        [LoggerMessage(LogLevel.Error, "nobody may use the API now: {Reason}")]
        public static partial void TokensUnusable(ILogger logger, string reason);
    }
}
