using System.Text;

namespace Gossip.Actors.Storage;

/// <summary>
/// Which epoch did this directory see last? A small file beside the store, replaced as a whole. A
/// store that was put back from a copy tells of an epoch that has passed.
/// </summary>
internal sealed class EpochFile(string dataDirectory)
{
    private readonly string _path = Path.Combine(dataDirectory, "gossip.epoch");

    public string? Read() => Lines().FirstOrDefault();

    /// <summary>
    /// When the store changed last, as its last owner left it; null while it is open, and after a
    /// crash.
    /// </summary>
    public string? ReadSeal() => Lines().ElementAtOrDefault(1);

    /// <summary>Through to the disk before it takes the old one's place.</summary>
    public void Write(string epoch, string seal = "")
    {
        var draft = _path + ".new";
        using (var file = new FileStream(
            draft,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Options = FileOptions.WriteThrough,
            }))
        {
            file.Write(Encoding.ASCII.GetBytes($"{epoch}\n{seal}".Trim()));
        }

        File.Move(draft, _path, overwrite: true);
    }

    private string[] Lines() => File.Exists(_path) ? File.ReadAllLines(_path) : [];
}
