namespace Gossip.Actors.Runtime;

/// <summary>
/// What opens an encrypted key? Nothing shows it: it is no text, no record, and has no JSON.
/// </summary>
public sealed class Passphrase
{
    /// <summary>Characters; fewer are guessed in hours, however slow each guess.</summary>
    public const int LengthMin = 12;

    /// <summary>Characters; more add nothing.</summary>
    public const int LengthMax = 1024;

    private readonly string _text;

    /// <exception cref="GossipException">passphrase-invalid: too short, or too long.</exception>
    public Passphrase(string text) => _text = text.Length is >= LengthMin and <= LengthMax
        ? text
        : throw new GossipException(
            "passphrase-invalid",
            $"A passphrase has {LengthMin} to {LengthMax} characters, not {text.Length}. "
            + "One to use: openssl rand -base64 32");

    internal ReadOnlySpan<char> Text => _text;

    /// <summary>The first line of a file that nobody else may read.</summary>
    /// <exception cref="GossipException">passphrase-…: with what to do.</exception>
    public static Passphrase FromFile(string path)
    {
        try
        {
            var text = PrivateFile.Read(path, 4 * LengthMax);
            var end = text.AsSpan().IndexOfAny('\r', '\n');
            return new(end < 0 ? text : text[..end]);
        }
        catch (FileExposedException e)
        {
            throw new GossipException(
                "passphrase-exposed",
                $"{e.Message} If someone may have read it, choose another passphrase.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GossipException(
                "passphrase-unreadable",
                $"The passphrase in {path} cannot be read: {e.Message} Name a file that holds it "
                + "in its first line, with the rights 0600.",
                e);
        }
    }

    public override string ToString() => "(a passphrase)";
}
