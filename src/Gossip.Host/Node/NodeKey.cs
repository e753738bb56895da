using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Host.Commands;

namespace Gossip.Host.Node;

/// <summary>Which DID does a data directory hold the key of, and what opens it?</summary>
internal static class NodeKey
{
    /// <summary>A secret: in no file of settings, and on no command line.</summary>
    public const string PassphraseVariable = "GOSSIP_KEY_PASSPHRASE";

    /// <summary>Null when there is no key.</summary>
    public static Did? Find(string directory, Passphrase? passphrase) =>
        File.Exists(Path.Combine(directory, KeyFile.Name))
            ? FindOrCreate(directory, passphrase)
            : null;

    public static Did FindOrCreate(string directory, Passphrase? passphrase) =>
        Try(() => KeyFile.LoadOrCreate(directory, passphrase));

    /// <summary>Opened by one, closed by the other; null: not encrypted.</summary>
    public static Did Rewrite(string directory, Passphrase? from, Passphrase? to) =>
        Try(() => KeyFile.Rewrite(directory, from, to));

    /// <summary>Null when there is none.</summary>
    public static Passphrase? PassphraseOfEnvironment() => Passphrase(null);

    /// <summary>Of the file, or else of the variable; null when neither is there.</summary>
    public static Passphrase? Passphrase(string? file)
    {
        try
        {
            return file is not null ? Actors.Runtime.Passphrase.FromFile(file)
                : Environment.GetEnvironmentVariable(PassphraseVariable) is { Length: > 0 } text
                    ? new(text)
                : null;
        }
        catch (GossipException e)
        {
            throw CommandException.Failed(e.Code, e.Message);
        }
    }

    private static Did Try(Func<EcKeys> open)
    {
        try
        {
            using var keys = open();
            return keys.Self;
        }
        catch (GossipException e)
        {
            throw CommandException.Failed(e.Code, e.Message);
        }
    }
}
